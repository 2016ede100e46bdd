"""Addresses of reminders."""

from django.urls import path

from reminders import views
from reminders.record_page import send_record_page

app_name = "reminders"

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("send-record/<int:pk>/", send_record_page, name="send_record"),
]

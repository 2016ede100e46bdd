"""Addresses of reminders."""

from django.urls import path

from reminders import views

app_name = "reminders"

urlpatterns = [path("", views.deliveries, name="deliveries")]

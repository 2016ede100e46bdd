"""Addresses of reminders."""

from django.urls import path

from reminders import choice_views, views

app_name = "reminders"

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("mine/", choice_views.mine, name="mine"),
]

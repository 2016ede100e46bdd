"""Addresses of pages that belong to the site as a whole."""

from django.urls import path

from pages import views

urlpatterns = [
    path("keyboard/", views.keyboard, name="keyboard"),
    path("keyboard/switch/", views.keyboard_switch, name="keyboard_switch"),
]

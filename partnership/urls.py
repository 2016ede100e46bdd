"""Addresses of the page about the agreement."""

from django.urls import path

from partnership import views

app_name = "partnership"

urlpatterns = [path("", views.agreement, name="agreement")]

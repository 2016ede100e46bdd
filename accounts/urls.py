"""Addresses of the pages that belong to the site as a whole."""

from django.urls import path
from django.views.generic import TemplateView

from accounts import views

urlpatterns = [
    path("accessibility/", TemplateView.as_view(template_name="accounts/accessibility.html"), name="accessibility"),
    path("keyboard/", views.keyboard, name="keyboard"),
    path("keyboard/switch/", views.keyboard_switch, name="keyboard_switch"),
    path("privacy/", TemplateView.as_view(template_name="accounts/privacy.html"), name="privacy"),
]

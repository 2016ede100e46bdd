"""Addresses of the pages that belong to the site as a whole."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("accessibility/", TemplateView.as_view(template_name="accounts/accessibility.html"), name="accessibility"),
    path("privacy/", TemplateView.as_view(template_name="accounts/privacy.html"), name="privacy"),
]

"""Validators for fields of models."""

from django.core.validators import RegexValidator

web_address = RegexValidator(r"^https?://\S+$", "Give a web address that begins with http:// or https://.")

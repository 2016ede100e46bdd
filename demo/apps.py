"""The room of the demonstration: its data, and what makes a record of them."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Settings of the room."""

    name = "demo"
    verbose_name = "Demonstration"

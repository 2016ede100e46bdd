"""The room of dashboards: looking."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Settings of the room."""

    name = "dashboards"
    verbose_name = "Dashboards"

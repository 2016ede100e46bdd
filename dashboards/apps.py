"""The dashboards app: pages that show figures and lists, and change nothing."""

from django.apps import AppConfig

from pages.navigation import Place


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "Dashboards"
    navigation = [
        Place(
            "dashboard", "Dashboard", "dashboards:dashboard", "dashboard", "g d", "Go to the dashboard", 10, phone=10
        ),
        Place("workstreams", "Workstreams", "dashboards:workstreams", "workstreams", bar=60, more=30),
        Place("week", "My week", "dashboards:my_week", keys="g w", does="Go to my week", menu=10),
        Place("agreement", "About this agreement", "dashboards:about", "info", more=70, menu=30),
    ]

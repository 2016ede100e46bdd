"""Configuration of the engagements app, with its places in the navigation."""

from django.apps import AppConfig

from pages.navigation import Place
from records.roles import Role


class EngagementsConfig(AppConfig):
    name = "engagements"
    verbose_name = "Engagements"
    navigation = [
        Place(
            "engagements", "Engagements", "engagements:list", "engagements", "g e", "Go to the engagements", 20, more=10
        ),
        Place(
            "log",
            "Log",
            "engagements:quick_log",
            "plus",
            "n",
            "Log an engagement, if you are an officer",
            phone=20,
            role=Role.EDITOR,
            is_main=True,
        ),
        Place("actions", "Actions", "engagements:actions", "actions", "g a", "Go to the actions", 40, phone=30),
        Place("calendar", "Calendar", "engagements:calendar", "calendar", "g c", "Go to the calendar", 50, phone=40),
        Place("feeds", "Calendar feeds", "engagements:feeds", menu=40),
        Place("committees", "Committees", "engagements:committees", "user", more=50, menu=50),
    ]

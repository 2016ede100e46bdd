"""What every page is built from: the gate, finding records, forms, lists, words."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Settings of the room."""

    name = "pages"

"""The basis of every page: the gate, finding records, forms, lists, words."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"

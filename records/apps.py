"""What every record is built from: constraints, visible rows, verbs, history, versions, compiled queries."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Settings of the room."""

    name = "records"

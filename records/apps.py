"""The basis of every record: constraints, visible rows, operations, history, versions, compiled queries."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

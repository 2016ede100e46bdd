"""The room of workstreams: where the work happens."""

from django.apps import AppConfig


class WorkstreamsConfig(AppConfig):
    """Settings of the room."""

    name = "workstreams"
    verbose_name = "Workstreams"

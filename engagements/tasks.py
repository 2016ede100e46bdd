"""Celery tasks of this app."""

from celery import shared_task

from engagements.operations.series import extend_all_series


@shared_task
def extend_series():
    """Make the missing dates of running series. Celery beat starts it once a day; a second run adds nothing."""
    extend_all_series()

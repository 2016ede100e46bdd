"""Celery tasks of commitments."""

from celery import shared_task

from commitments import recording


@shared_task
def record_statuses():
    """Record the statuses that changed, because a new day has begun or because something was saved."""
    recording.record_changed()

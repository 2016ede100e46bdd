"""Celery tasks that plan reminders, and send what is due."""

from celery import shared_task

from reminders.operations import sweeping


@shared_task
def sweep():
    """Plan what is queued, and send everything that is due. Celery beat runs this every 20 seconds."""
    sweeping.sweep()


@shared_task
def check_all():
    """Plan everything, in case something is missing. Beat runs this every hour; it acts every six hours."""
    sweeping.check_all()

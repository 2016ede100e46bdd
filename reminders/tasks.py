"""What Celery executes to plan reminders, and to send what is due."""

from celery import shared_task

from reminders.operations import sweeping


@shared_task
def sweep():
    """Plan what is missing and send all that is due. Beat has it done every 20 seconds."""
    sweeping.sweep()


@shared_task
def check_all():
    """Look whether anything is missing; asked every hour, done every six."""
    sweeping.check_all()

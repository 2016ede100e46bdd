"""What Celery executes for this room."""

from celery import shared_task

from engagements.operations.series import extend_all_series


@shared_task
def extend_series():
    """Make the dates that running series lack. Beat has it done once a day; done twice, it adds nothing."""
    extend_all_series()

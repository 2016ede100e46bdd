"""The queue of changes that wait to be planned."""

from django.db import models
from django.utils import timezone


class ReplanRequest(models.Model):
    """Something that changed, for a worker to replan its deliveries. ``key`` is no foreign key: this is a queue."""

    class What(models.TextChoices):
        ENGAGEMENT = "engagement", "Engagement"
        ACTION = "action", "Action"
        COMMITMENT = "commitment", "Commitment"
        WORKSTREAM = "workstream", "Workstream"
        DATE = "date", "Date of an agreement"
        AGREEMENT = "agreement", "Agreement"
        PERSON = "person", "Person"

    what = models.CharField(max_length=10, choices=What)
    key = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.what} {self.key}"

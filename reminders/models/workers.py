"""What changed, and waits to be planned."""

from django.db import models
from django.utils import timezone


class ReplanRequest(models.Model):
    """Something that changed, whose deliveries a worker is to plan anew: a queue, not a link."""

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

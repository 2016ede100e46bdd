"""What workers note for one another: a queue, receipts, counts, signs of life."""

from django.db import models
from django.utils import timezone


class Touched(models.Model):
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
        verbose_name_plural = "touched"
        ordering = ["id"]

    def __str__(self):
        return f"{self.what} {self.key}"


class Receipt(models.Model):
    """That a mail server has taken a message: the least that can be written between two mails.

    At the end of a batch, or by the next sweep, it becomes the state of the message and of its deliveries.
    """

    message_id = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.message_id}, {self.at:%-d %B %Y, %H:%M}"


class Tally(models.Model):
    """How many deliveries came to an end in one way ("sent", "failed") since the tables were made: for monitors."""

    name = models.CharField(max_length=20, primary_key=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self):
        return f"{self.name}: {self.count}"


class Quota(models.Model):
    """How many mails were let go in a minute, where there is a limit: one row."""

    name = models.CharField(max_length=20, primary_key=True)
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.name}: {self.taken}"


class Heartbeat(models.Model):
    """When a process was last seen alive (``beat``, ``worker``), or when everything was last planned (``planning``)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True, db_default="")

    def __str__(self):
        return f"{self.name}, {self.at:%-d %B %Y, %H:%M}"

"""Emails: each message, whose address is refused, and what workers note for one another while they send."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Person
from outbox.queries import BadAddressQuerySet, MessageQuerySet
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key


class Message(models.Model):
    """One email to one person, with a Message-ID of its own. What it says is known to its source (``outbox.sources``).

    Whoever is in no address book, as a new administrator is, has no person and no agreement.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", "Being sent"
        WAITING = "waiting", "Waiting to be tried again"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        BOUNCED = "bounced", "Bounced"
        WITHDRAWN = "withdrawn", "No longer needed"

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False, db_index=False
    )
    # A SameAgreement checks it, too, but no other index begins with it. A person who was sent something of the record
    # cannot be deleted (``Delivery.person``). One who was only invited can be, and their messages with them.
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="messages", db_constraint=False
    )
    address = models.EmailField()
    subject = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.CLAIMED)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    is_refused = models.BooleanField(
        "the mail server refused it", default=False, db_default=False, help_text="For good, but not for its address."
    )
    created_at = models.DateTimeField(default=timezone.now)
    state_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            agreement_key("outbox_message"),
            SameAgreement(field="person", name="message_person_same_agreement"),
            models.CheckConstraint(
                name="message_person_of_an_agreement",
                condition=Q(person=None, agreement=None) | Q(person__isnull=False, agreement__isnull=False),
            ),
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=["claimed", "waiting", "sent", "failed", "bounced", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="message_waits_until_then", condition=~Q(state="waiting") | Q(retry_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="message_by_time"),
            models.Index(fields=["state_at"], name="message_claimed", condition=Q(state="claimed")),
            models.Index(fields=["retry_at"], name="message_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self):
        return f"{self.subject} to {self.address}"


class QueuedEmail(models.Model):
    """What a message is to say that was put into the queue by ``enqueue``; emptied once it is settled.

    It is written by the function ``writer`` from ``data`` at the moment of sending: nothing that opens an account is
    kept. There is never another one with its ``key``.
    """

    message = models.OneToOneField(Message, models.CASCADE, related_name="queued", primary_key=True)
    key = models.CharField(max_length=400, unique=True)
    writer = models.CharField(max_length=200, help_text="The dotted name of a function.")
    data = models.JSONField(default=dict, blank=True)
    to = models.EmailField(blank=True, help_text="Empty: the address that its person has when it is sent.")
    reply_to_name = models.CharField(max_length=200, blank=True)
    reply_to_email = models.EmailField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.key


class BadAddress(models.Model):
    """An address that a mail server has refused for good, at once or after it had taken the mail (``came_back``).

    It counts for as long as the person still has it.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    person = models.OneToOneField(Person, models.CASCADE, related_name="bad_address")
    address = models.CharField(max_length=254)
    error = models.CharField(max_length=200)
    noted_at = models.DateTimeField(default=timezone.now)
    came_back = models.BooleanField("the mail was taken, and came back", default=False, db_default=False)

    objects = BadAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bad addresses"
        ordering = ["-noted_at"]
        constraints = [SameAgreement(field="person", name="badaddress_person_same_agreement")]

    def __str__(self):
        return f"{self.address}: {self.error}"

    @property
    def is_in_use(self):
        """Whether the person still has it."""
        return self.address.lower() == self.person.email.lower()


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

"""Messages, addresses that are refused, and the notes that workers leave for one another while they send."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Person
from outbox.queries import BadAddressQuerySet, MessageQuerySet
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key


class Message(models.Model):
    """One email to one person, with a Message-ID of its own. Its source (``outbox.sources``) knows its content.

    An email to somebody in no address book, for example a new administrator, has no person and no agreement.
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
    # A SameAgreement checks it too, but no other index begins with it. A person with deliveries cannot be deleted
    # (``Delivery.person``). A person who was only invited to Concord can be, and their messages are deleted with them.
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
    """The content of a message that ``enqueue`` put into the queue. ``data`` is emptied once the message is settled.

    The function ``writer`` makes the email from ``data`` when it is sent, so nothing that opens an account is stored.
    There is never another one with the same ``key``.
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
    """An address that a mail server refused for good, at once or after accepting the email (``came_back``).

    It counts only while the person still has this address.
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
        """Whether the person still has this address."""
        return self.address.lower() == self.person.email.lower()


class Receipt(models.Model):
    """Notes that the mail server accepted a message: the least that can be written between two emails.

    The end of the batch, or the next sweep, transfers it to the state of the message and of its deliveries.
    """

    message_id = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.message_id}, {self.at:%-d %B %Y, %H:%M}"


class Tally(models.Model):
    """How many deliveries ended in one state ("sent", "failed") since the tables were created: for monitoring."""

    name = models.CharField(max_length=20, primary_key=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self):
        return f"{self.name}: {self.count}"


class Quota(models.Model):
    """How many emails were allowed in the current minute, where MAIL_PER_MINUTE sets a limit. There is one row."""

    name = models.CharField(max_length=20, primary_key=True)
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.name}: {self.taken}"


class Heartbeat(models.Model):
    """When a process was last seen (``beat``, ``worker``) or a task last ran (``sweep``, ``check``, ``rounds``)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True, db_default="")

    def __str__(self):
        return f"{self.name}, {self.at:%-d %B %Y, %H:%M}"

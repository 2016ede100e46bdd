"""Who is told what, when, once. The rules are in docs/reminders.md."""

from datetime import time
from functools import reduce
from operator import or_

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from commitments.models import Commitment
from contacts.models import Person
from engagements.models import Action, Engagement
from partnership.constraints import SameAgreement, agreement_key
from partnership.models import Agreement, AgreementDate
from partnership.queries import AgreementRows
from partnership.terms import FIRST_DAY, LAST_DAY, OUT_OF_REACH
from reminders.choices import TOPICS, How
from reminders.queries import BadAddressQuerySet, DeliveryQuerySet, MessageQuerySet, PreferenceQuerySet
from reminders.wording import check, check_subject
from workstreams.models import Workstream

LIGHT = {"db_constraint": False, "db_index": False}
"""For a key that a SameAgreement checks already and an index begins with: deliveries come by the hundred thousand."""


class Audience(models.TextChoices):
    """Whom a rule tells: a closed list, since each is found in code."""

    PARTICIPANTS = "participants", "Those who take part"
    HOSTS = "hosts", "Those who take part for a host"
    SEATS = "seats", "Committee seats and deputies"
    OWNERS = "owners", "Owners of its open actions"
    LEADS = "leads", "Leads of the parties"
    LOGGER = "logger", "Whoever logged it"


def participants():
    """Whom a rule tells unless it says otherwise."""
    return [Audience.PARTICIPANTS]


@pghistory.track()
class Rule(models.Model):
    """Of which kinds of engagement who is reminded, in which words; its steps say when."""

    Audience = Audience

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminder_rules")
    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=12, choices=Engagement.Kind), verbose_name="of which kinds")
    audience = ArrayField(
        models.CharField(max_length=12, choices=Audience), verbose_name="whom it tells", default=participants
    )
    subject = models.CharField(
        max_length=200,
        blank=True,
        validators=[check_subject],
        help_text="Empty: “Reminder: ” with the title, the day and the time.",
    )
    text = models.TextField(
        max_length=3000, blank=True, validators=[check], help_text="Stands above when and where. May stay empty."
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="A rule that is not active plans and sends nothing."
    )

    objects = AgreementRows.as_manager()

    class Meta:
        verbose_name = "reminder rule"
        ordering = ["agreement", "name"]
        constraints = [
            agreement_key("reminders_rule"),
            models.UniqueConstraint(fields=["agreement", "name"], name="rule_name_unique"),
            models.CheckConstraint(
                name="rule_kinds_known",
                condition=Q(kinds__contained_by=Engagement.Kind.values) & Q(kinds__len__gt=0),
                violation_error_message="Choose at least one kind of engagement.",
            ),
            models.CheckConstraint(
                name="rule_audience_known",
                condition=Q(audience__contained_by=Audience.values) & Q(audience__len__gt=0),
                violation_error_message="Choose at least one group of people.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def kinds_in_words(self):
        """ "Roundtable, Workshop"."""
        return ", ".join(Engagement.Kind(kind).label for kind in self.kinds)

    @property
    def audience_in_words(self):
        """ "Those who take part, leads of the parties"."""
        words = ", ".join(Audience(each).label for each in Audience.values if each in self.audience)
        return words[:1] + words[1:].lower()


@pghistory.track()
class Step(models.Model):
    """One lead time of a rule: so many days before the first day, at a wall-clock time of the engagement's zone."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", editable=False)
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="steps")
    days_before = models.PositiveSmallIntegerField(validators=[MaxValueValidator(366)])
    at = models.TimeField("at", default=time(9))

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["rule", "-days_before", "at"]
        constraints = [
            agreement_key("reminders_step"),
            SameAgreement(field="rule", name="step_rule_same_agreement"),
            models.UniqueConstraint(fields=["rule", "days_before", "at"], name="step_once"),
            models.CheckConstraint(name="step_within_a_year", condition=Q(days_before__lte=366)),
        ]

    def __str__(self):
        return f"{self.lead_in_words}, at {self.at:%H:%M}"

    @property
    def lead_in_words(self):
        """ "2 days before", "on the day"."""
        return f"{self.days_before} day{'s'[: self.days_before != 1]} before" if self.days_before else "on the day"


class Message(models.Model):
    """One mail: one person, one or more deliveries, a Message-ID of its own."""

    class State(models.TextChoices):
        CLAIMED = "claimed", "Being sent"
        WAITING = "waiting", "Waiting to be tried again"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "No longer needed"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="messages")
    address = models.EmailField()
    subject = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.CLAIMED)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    state_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            agreement_key("reminders_message"),
            SameAgreement(field="person", name="message_person_same_agreement"),
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=["claimed", "waiting", "sent", "failed", "withdrawn"]),
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


class Kind(models.TextChoices):
    """What a delivery tells: a closed list, since each has its reasons not to go and its letter in code."""

    REMINDER = "reminder", "Reminder"
    PAPERS = "papers", "Papers are due"
    REPLY = "reply", "A reply is asked for"
    UNRECORDED = "unrecorded", "The record is not complete"
    ACTION_DUE = "action_due", "An action is due"
    DATE = "date", "A date of the agreement"
    INVITATION = "invitation", "Invitation"
    MOVED = "moved", "It was moved"
    CANCELLED = "cancelled", "It was called off"
    REMOVED = "removed", "No longer invited"
    ACTION = "action", "A new action"
    RECORD = "record", "The record"
    RHYTHM = "rhythm", "A rhythm is slipping"
    QUIET = "quiet", "Nothing was held for long"


WITHOUT_STEP = ["invitation", "moved", "cancelled", "removed", "action", "record", "rhythm", "quiet"]
"""Kinds that no step of a rule has planned: each is told once of an occurrence of its subject."""

SUBJECTS = ("engagement", "action", "commitment", "workstream", "date")
"""The links of a delivery of which exactly one says what it is about."""


def _about(subject):
    """That a delivery is about ``subject`` (None: about nothing any more) and nothing else."""
    return Q(is_gone=subject is None, **{f"{each}__isnull": each != subject for each in SUBJECTS})


class Delivery(models.Model):
    """One thing that one person is to be told, once: of a subject, one occurrence of it, and a step or a kind.

    The subject is one of ``SUBJECTS``. When that is deleted the row stays, without it but with its title (``is_gone``).
    ``rule`` stands beside ``step``, so that a step that was taken away and put back does not tell people twice.
    """

    Kind = Kind

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"
        EXPIRED = "expired", "Expired"
        SUPERSEDED = "superseded", "Superseded"
        BOUNCED = "bounced", "Bounced"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", **LIGHT)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REMINDER)
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+", **LIGHT)
    step = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="deliveries", **LIGHT)
    person = models.ForeignKey(Person, models.RESTRICT, related_name="deliveries", db_constraint=False)
    engagement = models.ForeignKey(
        Engagement, models.RESTRICT, null=True, blank=True, related_name="deliveries", **LIGHT
    )
    # Before one of these is deleted, a receiver has its deliveries let go of it.
    action = models.ForeignKey(Action, models.DO_NOTHING, null=True, blank=True, related_name="deliveries", **LIGHT)
    commitment = models.ForeignKey(
        Commitment, models.DO_NOTHING, null=True, blank=True, related_name="deliveries", **LIGHT
    )
    workstream = models.ForeignKey(
        Workstream, models.DO_NOTHING, null=True, blank=True, related_name="deliveries", **LIGHT
    )
    date = models.ForeignKey(
        AgreementDate, models.DO_NOTHING, null=True, blank=True, related_name="deliveries", **LIGHT
    )
    is_gone = models.BooleanField("its subject was deleted", default=False)
    title = models.CharField(max_length=300)
    occurrence = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True, help_text="Its reader's choices put it off until then.")
    goes_at = models.GeneratedField(
        expression=Coalesce("held_until", "due_at"), output_field=models.DateTimeField(), db_persist=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    state_at = models.DateTimeField(default=timezone.now)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="deliveries", **LIGHT)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-due_at", "-id"]
        constraints = [
            *[
                SameAgreement(field=field, name=f"delivery_{field}_same_agreement")
                for field in ("rule", "step", "person", *SUBJECTS, "message")
            ],
            # A step once for a person and an occurrence. Each begins with the subject, of which all is found by it.
            *[
                models.UniqueConstraint(
                    fields=[subject, "person", "step", "occurrence"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"delivery_once_{subject}",
                )
                for subject in SUBJECTS
            ],
            models.UniqueConstraint(
                fields=[*SUBJECTS, "person", "kind", "occurrence"],
                condition=Q(kind__in=WITHOUT_STEP, is_gone=False),
                nulls_distinct=False,
                name="delivery_once_without_step",
            ),
            models.CheckConstraint(
                name="delivery_one_subject",
                condition=reduce(or_, map(_about, (*SUBJECTS, None))),
            ),
            models.CheckConstraint(
                name="delivery_gone_is_settled",
                condition=Q(is_gone=False) | Q(kind="cancelled") | ~Q(state__in=["planned", "claimed"]),
            ),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(
                    state__in=["planned", "claimed", "sent", "failed", "skipped", "expired", "superseded", "bounced"]
                ),
            ),
            models.CheckConstraint(name="delivery_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="delivery_without_step", condition=~Q(kind__in=WITHOUT_STEP) | Q(step=None, rule=None)
            ),
        ]
        indexes = [
            models.Index(fields=["goes_at", "id"], name="delivery_to_go", condition=Q(state="planned")),
            models.Index(
                fields=["person"], name="delivery_held", condition=Q(state="planned", held_until__isnull=False)
            ),
            models.Index(fields=["agreement", "-due_at", "-id"], name="delivery_by_due"),
            models.Index(fields=["agreement", "state", "-due_at", "-id"], name="delivery_by_state"),
            models.Index(fields=["message"], name="delivery_by_message", condition=Q(message__isnull=False)),
        ]
        triggers = [
            # Whoever gives it other times, what its reader wants is asked anew.
            pgtrigger.Trigger(
                name="hold_anew",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("due_at", "expires_at"),
                condition=pgtrigger.Condition(
                    "OLD.held_until IS NOT NULL"
                    " AND (OLD.due_at, OLD.expires_at) IS DISTINCT FROM (NEW.due_at, NEW.expires_at)"
                ),
                func="NEW.held_until := NULL; RETURN NEW;",
            )
        ]

    def __str__(self):
        return f"{self.title} to {self.person}: {self.get_state_display().lower()}"

    @property
    def subject(self):
        """Which of ``SUBJECTS`` it is about; None once that was deleted."""
        return next((each for each in SUBJECTS if getattr(self, f"{each}_id")), None)


@pghistory.track()
class Preference(models.Model):
    """What one person wants to be told of, and how. Who has none is told everything as it comes."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    meetings, invitations, replies, papers, actions, records, lacking, progress = (
        models.CharField(topic.label, max_length=6, choices=How, default=How.ON, help_text=topic.about)
        for topic in TOPICS
    )
    quiet_from = models.TimeField("quiet from", null=True, blank=True)
    quiet_to = models.TimeField("quiet until", null=True, blank=True)
    paused_until = models.DateField("paused until", null=True, blank=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "person"]
        constraints = [
            SameAgreement(field="person", name="preference_person_same_agreement"),
            *[
                models.CheckConstraint(
                    name=f"preference_{topic.name}_known", condition=Q(**{f"{topic.name}__in": How.values})
                )
                for topic in TOPICS
            ],
            models.CheckConstraint(
                name="preference_quiet_hours",
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to")),
                violation_error_message="Quiet hours need two different times: from and until.",
            ),
            models.CheckConstraint(
                name="preference_pause_within_reach",
                condition=Q(paused_until=None) | Q(paused_until__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message=OUT_OF_REACH,
            ),
        ]

    def __str__(self):
        return f"What {self.person} is told"


class Farewell(models.Model):
    """What is still to be mailed of an engagement that was deleted, as it was when it went: a part of its delivery."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="farewell", primary_key=True)
    subject = models.CharField(max_length=500)
    plain = models.TextField()
    html = models.TextField()
    calendar = models.TextField()

    def __str__(self):
        return self.subject


class BadAddress(models.Model):
    """An address that a mail server has refused for good. It counts for as long as the person still has it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    person = models.OneToOneField(Person, models.CASCADE, related_name="bad_address")
    address = models.CharField(max_length=254)
    error = models.CharField(max_length=200)
    noted_at = models.DateTimeField(default=timezone.now)

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

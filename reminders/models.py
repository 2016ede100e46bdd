"""Who is told what, when, once. The rules are in docs/reminders.md."""

from datetime import time

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Person
from engagements.models import Engagement
from partnership.constraints import SameAgreement, agreement_key
from partnership.models import Agreement
from partnership.queries import AgreementRows
from reminders.queries import DeliveryQuerySet, MessageQuerySet

LIGHT = {"db_constraint": False, "db_index": False}
"""For a key that a SameAgreement checks already and an index begins with: deliveries come by the hundred thousand."""


@pghistory.track()
class Rule(models.Model):
    """Of which kinds of engagement those who take part are reminded; its steps say when."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminder_rules")
    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=12, choices=Engagement.Kind), verbose_name="of which kinds")
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
        ]

    def __str__(self):
        return self.name


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
        days = "on the day" if not self.days_before else f"{self.days_before} day{'s'[: self.days_before != 1]} before"
        return f"{days}, at {self.at:%H:%M}"


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


class Delivery(models.Model):
    """One thing that one person is to be told, once: of a step, a subject, and one occurrence of it.

    The subject is an engagement. When that is deleted the row stays, without it but with its title (``is_gone``).
    ``rule`` stands beside ``step``, so that a step that was taken away and put back does not tell people twice.
    """

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
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+", **LIGHT)
    step = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="deliveries", **LIGHT)
    person = models.ForeignKey(Person, models.RESTRICT, related_name="deliveries", db_constraint=False)
    engagement = models.ForeignKey(
        Engagement, models.RESTRICT, null=True, blank=True, related_name="deliveries", **LIGHT
    )
    is_gone = models.BooleanField("its subject was deleted", default=False)
    title = models.CharField(max_length=200)
    occurrence = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    state_at = models.DateTimeField(default=timezone.now)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="deliveries", **LIGHT)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-due_at", "-id"]
        constraints = [
            SameAgreement(field="rule", name="delivery_rule_same_agreement"),
            SameAgreement(field="step", name="delivery_step_same_agreement"),
            SameAgreement(field="person", name="delivery_person_same_agreement"),
            SameAgreement(field="engagement", name="delivery_engagement_same_agreement"),
            SameAgreement(field="message", name="delivery_message_same_agreement"),
            models.UniqueConstraint(fields=["step", "person", "engagement", "occurrence"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_one_subject",
                condition=Q(engagement__isnull=False, is_gone=False) | Q(engagement=None, is_gone=True),
            ),
            models.CheckConstraint(
                name="delivery_gone_is_settled", condition=Q(is_gone=False) | ~Q(state__in=["planned", "claimed"])
            ),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(
                    state__in=["planned", "claimed", "sent", "failed", "skipped", "expired", "superseded", "bounced"]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_due", condition=Q(state="planned")),
            models.Index(fields=["expires_at"], name="delivery_skipped", condition=Q(state="skipped")),
            models.Index(fields=["agreement", "-due_at", "-id"], name="delivery_by_due"),
            models.Index(fields=["agreement", "state", "-due_at", "-id"], name="delivery_by_state"),
            models.Index(fields=["engagement", "due_at"], name="delivery_by_engagement"),
            models.Index(fields=["message"], name="delivery_by_message", condition=Q(message__isnull=False)),
        ]

    def __str__(self):
        return f"{self.title} to {self.person}: {self.get_state_display().lower()}"


class Heartbeat(models.Model):
    """When a process was last seen alive (``beat``, ``worker``), or when everything was last planned (``planning``)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.name}, {self.at:%-d %B %Y, %H:%M}"

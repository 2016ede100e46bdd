"""Deliveries: the notifications of each person."""

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from commitments.models import Commitment
from contacts.models import Person
from engagements.models import Action, Engagement
from outbox.models import Message
from partnership.models import Agreement, AgreementDate
from records.constraints import SameAgreement
from reminders.models.rules import Rule, Step
from reminders.notification_types import TARGET_FIELDS, after_saving, kind_choices
from reminders.queries import DeliveryQuerySet
from workstreams.models import Workstream

LIGHT = {"db_constraint": False, "db_index": False}
"""For keys that a SameAgreement checks and an index begins with: there are hundreds of thousands of deliveries."""


Kind = models.TextChoices("Kind", kind_choices(), module=__name__)
"""The kinds of notification: a closed list, since the code has the email and the reasons not to send for each."""

WITHOUT_STEP = after_saving()
"""Kinds that no step of a rule plans. Each is sent once for an occurrence of its target."""


def _about(target):
    """The condition that a delivery is about ``target`` (None: about a deleted one) and nothing else."""
    return Q(is_gone=target is None, **{f"{each}__isnull": each != target for each in TARGET_FIELDS})


class Delivery(models.Model):
    """One notification to one person, sent once for an occurrence of its target and a step of a rule or a kind.

    The target decides what a new occurrence is. The dates of an engagement are counted; where the target only has a
    day, the occurrence is the number of that day. ``round`` counts the repetitions of a step that repeats.

    The target is one of ``TARGET_FIELDS``. When it is deleted the row stays with its title, but without the target
    (``is_gone``). The row has ``rule`` as well as ``step``, so that a step that is removed and added again does not
    notify people twice.
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
    # Before one of these is deleted, a receiver clears it from its deliveries.
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
    round = models.PositiveSmallIntegerField("which repetition of its step", default=0, db_default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    deferred_until = models.DateTimeField(
        null=True, blank=True, help_text="Its reader's choices put it off until then."
    )
    goes_at = models.GeneratedField(
        expression=Coalesce("deferred_until", "due_at"), output_field=models.DateTimeField(), db_persist=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    state_at = models.DateTimeField(default=timezone.now)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="deliveries", **LIGHT)
    batch_id = models.UUIDField(
        null=True, blank=True, help_text="What was told together, of many dates of a series, goes in one mail a person."
    )
    previous = models.JSONField(
        null=True, blank=True, help_text="When and where it was, as its reader knows: of one that was moved."
    )
    is_by_hand = models.BooleanField(
        "sent by hand", default=False, db_default=False, help_text="A lead has it sent now, whatever puts it off."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-due_at", "-id"]
        constraints = [
            *[
                SameAgreement(field=field, name=f"delivery_{field}_same_agreement")
                for field in ("rule", "step", "person", *TARGET_FIELDS, "message")
            ],
            # Each round of a step once for a person and an occurrence. Each constraint begins with the target, so its
            # index finds all deliveries of a target.
            *[
                models.UniqueConstraint(
                    fields=[target, "person", "step", "occurrence", "round"],
                    condition=Q(**{f"{target}__isnull": False}),
                    name=f"delivery_once_{target}",
                )
                for target in TARGET_FIELDS
            ],
            models.UniqueConstraint(
                fields=[*TARGET_FIELDS, "person", "kind", "occurrence"],
                condition=Q(kind__in=WITHOUT_STEP, is_gone=False),
                nulls_distinct=False,
                name="delivery_once_without_step",
            ),
            models.CheckConstraint(
                name="delivery_one_subject",
                condition=reduce(or_, map(_about, (*TARGET_FIELDS, None))),
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
            models.CheckConstraint(name="delivery_kind_known", condition=Q(kind__in=sorted(Kind.values))),
            models.CheckConstraint(
                name="delivery_without_step", condition=~Q(kind__in=WITHOUT_STEP) | Q(step=None, rule=None)
            ),
        ]
        indexes = [
            models.Index(fields=["goes_at", "id"], name="delivery_to_go", condition=Q(state="planned")),
            models.Index(
                fields=["person"], name="delivery_held", condition=Q(state="planned", deferred_until__isnull=False)
            ),
            models.Index(fields=["agreement", "-due_at", "-id"], name="delivery_by_due"),
            models.Index(fields=["agreement", "state", "-due_at", "-id"], name="delivery_by_state"),
            models.Index(
                fields=["batch_id", "person"],
                name="delivery_told_together",
                condition=Q(state="planned", batch_id__isnull=False),
            ),
            models.Index(fields=["message"], name="delivery_by_message", condition=Q(message__isnull=False)),
        ]
        triggers = [
            # Where its times change, the reader's choices are applied again.
            pgtrigger.Trigger(
                name="defer_anew",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("due_at", "expires_at"),
                condition=pgtrigger.Condition(
                    "OLD.deferred_until IS NOT NULL"
                    " AND (OLD.due_at, OLD.expires_at) IS DISTINCT FROM (NEW.due_at, NEW.expires_at)"
                ),
                func="NEW.deferred_until := NULL; RETURN NEW;",
            )
        ]

    def __str__(self):
        return f"{self.title} to {self.person}: {self.get_state_display().lower()}"

    @property
    def target(self):
        """The one of ``TARGET_FIELDS`` that it is about; None once that is deleted."""
        return next((each for each in TARGET_FIELDS if getattr(self, f"{each}_id")), None)


class CancellationNotice(models.Model):
    """The email of a delivery about a deleted engagement, rendered when it was deleted, until it is sent.

    An email about several engagements uses only its ``when`` (in words) and its calendar file.
    """

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="cancellation_notice", primary_key=True)
    subject = models.CharField(max_length=500)
    plain = models.TextField()
    html = models.TextField()
    calendar = models.TextField()
    when = models.CharField(max_length=200, blank=True, default="", db_default="")

    def __str__(self):
        return self.subject

"""Reminder rules and their steps."""

from datetime import time
from functools import reduce
from operator import attrgetter, or_

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from engagements.models import Engagement
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key
from records.names import NameField
from records.querysets import AgreementRows
from reminders.notification_types import Audience, audience_label, by_rules, rule_choices, type_of
from reminders.notifications import kinds  # noqa: F401  (each kind declares itself when it is read)
from reminders.notifications.placeholders import check, check_subject
from reminders.planning.due_dates import in_days

FURTHEST = 366
"""The most days between a step and its day, and between two repetitions."""


def participants():
    """The default audience of a rule."""
    return [Audience.PARTICIPANTS]


def _audience_fits():
    """The condition that a rule only has audiences that its kind allows."""
    return reduce(
        or_,
        (
            Q(kind=one.kind, audience__contained_by=sorted(one.audiences))
            for one in sorted(by_rules(), key=attrgetter("kind"))
        ),
    )


RuleKind = models.TextChoices("RuleKind", rule_choices(), module=__name__)
"""The kinds of rules: the kind of a rule is that of the deliveries that it plans."""

ABOUT_ENGAGEMENTS = sorted(one.kind for one in by_rules() if one.rule.is_of_engagements)
"""The kinds of rules that are about engagements, and so have ``engagement_kinds``."""


@pghistory.track()
class Rule(models.Model):
    """Says who is reminded of what, and in which words. Its steps say when."""

    Kind, Audience = RuleKind, Audience

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminder_rules")
    kind = models.CharField("what it reminds of", max_length=12, choices=RuleKind, default=RuleKind.REMINDER)
    name = NameField(max_length=120)
    engagement_kinds = ArrayField(
        models.CharField(max_length=12, choices=Engagement.Kind),
        verbose_name="of which kinds",
        default=list,
        blank=True,
        help_text="Only for what is about engagements.",
    )
    audience = ArrayField(
        models.CharField(max_length=12, choices=Audience), verbose_name="whom it tells", default=participants
    )
    subject = models.CharField(
        max_length=200, blank=True, help_text="May stay empty: then it says what it is about, and when."
    )
    text = models.TextField(max_length=3000, blank=True, help_text="Stands above the facts. May stay empty.")
    on_working_days = models.BooleanField(
        "on working days only",
        default=True,
        help_text="If the date falls on a weekend or bank holiday, send on the working day before.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="A rule that is not active plans and sends nothing."
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgreementRows.as_manager()

    class Meta:
        verbose_name = "reminder rule"
        ordering = ["agreement", "name"]
        constraints = [
            agreement_key("reminders_rule"),
            models.UniqueConstraint(fields=["agreement", "name"], name="rule_name_unique"),
            models.CheckConstraint(name="rule_kind_known", condition=Q(kind__in=sorted(RuleKind.values))),
            models.CheckConstraint(
                name="rule_engagement_kinds_known",
                condition=Q(engagement_kinds__contained_by=Engagement.Kind.values)
                & (
                    Q(kind__in=ABOUT_ENGAGEMENTS, engagement_kinds__len__gt=0)
                    | ~Q(kind__in=ABOUT_ENGAGEMENTS) & Q(engagement_kinds=[])
                ),
                violation_error_message="Choose at least one kind of engagement.",
            ),
            models.CheckConstraint(
                name="rule_audience_known",
                condition=_audience_fits() & Q(audience__len__gt=0),
                violation_error_message="Choose at least one group of people whom a rule of this can tell.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Check the placeholders in ``subject`` and ``text``. Each error is shown beside its field."""
        faults = {}
        for name, look in (("subject", check_subject), ("text", check)):
            try:
                if words := getattr(self, name):
                    look(words, self.kind)
            except ValidationError as error:
                faults[name] = error
        if faults:
            raise ValidationError(faults)

    @property
    def options(self):
        """The ``RuleOptions`` of its kind."""
        return type_of(self.kind).rule

    @property
    def engagement_kinds_in_words(self):
        """ "Roundtable, Workshop"; "all kinds"; "" where it is not about engagements."""
        if set(self.engagement_kinds) == set(Engagement.Kind.values):
            return "all kinds"
        return ", ".join(Engagement.Kind(kind).label for kind in self.engagement_kinds)

    @property
    def kind_in_words(self):
        """ "A meeting to come: Roundtable, Workshop"."""
        return ": ".join(filter(None, [self.get_kind_display(), self.engagement_kinds_in_words]))

    @property
    def audience_in_words(self):
        """ "Those who take part, leads of the parties"."""
        words = ", ".join(audience_label(self.kind, each) for each in Audience.values if each in self.audience)
        return words[:1] + words[1:].lower()


class LeadField(models.SmallIntegerField):
    """A number of days before (negative) or after a day, which history shows in words."""

    def deconstruct(self):
        """Migrations see a plain integer field."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.SmallIntegerField", args, kwargs

    def in_words(self, value):
        """ "2 days before"."""
        return lead_of(value)


@pghistory.track(exclude=["counts_from"])
class Step(models.Model):
    """One time of a rule: ``days`` before (negative) or after its day, ``at`` a time by the clock where it takes place.

    With ``repeats_every`` it repeats after that many days, until its target is settled.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", editable=False)
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="steps")
    days = LeadField(
        "when",
        validators=[MinValueValidator(-FURTHEST), MaxValueValidator(FURTHEST)],
        help_text="Negative: so many days before. 0: on the day.",
    )
    at = models.TimeField("at", default=time(9))
    repeats_every = models.PositiveSmallIntegerField(
        "and then every",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(FURTHEST)],
        help_text="Days. Empty: once.",
    )
    counts_from = models.DateTimeField(default=timezone.now, editable=False)
    """When the step was added, changed or resumed. It sends nothing for times that had passed by then."""

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["rule", "days", "at"]
        constraints = [
            agreement_key("reminders_step"),
            SameAgreement(field="rule", name="step_rule_same_agreement"),
            models.UniqueConstraint(fields=["rule", "days", "at"], name="step_once"),
            models.CheckConstraint(name="step_within_a_year", condition=Q(days__range=(-FURTHEST, FURTHEST))),
            models.CheckConstraint(
                name="step_repeats_from_its_day",
                condition=Q(repeats_every=None) | Q(days__gte=0, repeats_every__range=(1, FURTHEST)),
                violation_error_message="Only a time on the day or after it can be repeated.",
            ),
        ]

    def __str__(self):
        again = f", then every {in_days(self.repeats_every)}" if self.repeats_every else ""
        return f"{self.lead_in_words}, at {self.at:%H:%M}{again}"

    @property
    def lead_in_words(self):
        """ "2 days before", "on the day", "7 days after"."""
        return lead_of(self.days)


def lead_of(days):
    """ "7 days before", "on the day", "1 day after", for a signed number; "" for None, where the step was deleted."""
    if days is None:
        return ""
    return f"{in_days(abs(days))} {'before' if days < 0 else 'after'}" if days else "on the day"

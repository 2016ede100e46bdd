"""Of what who is reminded, and when."""

from datetime import time

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from partnership.constraints import SameAgreement, agreement_key
from partnership.models import Agreement
from partnership.queries import AgreementRows
from reminders.wording import check, check_subject


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

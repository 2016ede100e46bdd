"""Counts, before a rule is saved, its emails for times that have passed. They are never sent."""

from copy import copy

from django.db import transaction
from django.utils import timezone

from reminders.deliveries.targets import TARGETS
from reminders.models import TARGET_FIELDS, Delivery
from reminders.notification_types import type_of
from reminders.operations.rules import save_rule
from reminders.planning.database import run
from reminders.queries import Reason


def past_emails(rule, *, steps=(), removed=()) -> int:
    """Count the emails of a rule, saved like this, for times that have passed. Plans, and rolls everything back."""
    now = timezone.now()
    with transaction.atomic():
        draft = save_rule(copy(rule), steps=[*map(copy, steps)], removed=[*map(copy, removed)], by=None)
        for target in targets_of(rule.kind):
            keys = [row[0] for row in run(target.concerned_by["agreement"], now=now, key=rule.agreement_id)]
            if keys:
                target.plan(now, keys, [now] * len(keys), patient=False)
        rows = Delivery.objects.filter(rule=draft.pk, reason=Reason.PASSED, state_at=now, person__left_on=None)
        number = rows.exclude(person__email="").order_by().values("person", *TARGET_FIELDS).distinct().count()
        transaction.set_rollback(True)
    return number


def targets_of(kind):
    """The targets for which a rule of this kind plans deliveries."""
    return [TARGETS[name] for name in type_of(kind).targets]


def in_words(number):
    """The sentence about the number of past emails, beside the button that saves the rule; "" for none."""
    if not number:
        return ""
    if number == 1:
        return "The time for 1 email has already passed. It will not be sent."
    return f"The time for {number:,} emails has already passed. They will not be sent."

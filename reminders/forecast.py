"""What a rule would send for what is past already: counted before it is saved, and never sent."""

from copy import copy

from django.db import transaction
from django.utils import timezone

from reminders.database import run
from reminders.models import SUBJECTS as LINKS
from reminders.models import Delivery
from reminders.operations import save_rule
from reminders.queries import Reason
from reminders.subjects import SUBJECTS


def past_emails(rule, *, steps=(), removed=()) -> int:
    """How many emails a rule, saved so, would send for what is past. Nothing is saved: it is planned and taken back."""
    now = timezone.now()
    with transaction.atomic():
        draft = save_rule(copy(rule), steps=[*map(copy, steps)], removed=[*map(copy, removed)], by=None)
        for subject in subjects_of(rule.about):
            keys = [row[0] for row in run(subject.spread["agreement"], now=now, key=rule.agreement_id)]
            if keys:
                subject.plan(now, keys, [now] * len(keys), patient=False)
        rows = Delivery.objects.filter(rule=draft.pk, reason=Reason.PASSED, state_at=now, person__left_on=None)
        number = rows.exclude(person__email="").order_by().values("person", *LINKS).distinct().count()
        transaction.set_rollback(True)
    return number


def subjects_of(about):
    """The subjects of which such a rule plans something."""
    is_of_meetings = about == "reminder"
    return [
        subject
        for name, subject in SUBJECTS.items()
        if (is_of_meetings and name == "engagement")
        or about in [ruled.about for ruled in getattr(subject, "RULED", ())]
    ]


def in_words(number):
    """What is said of so many emails beside the button that saves the rule; "" of none."""
    if not number:
        return ""
    if number == 1:
        return "The time for 1 email has already passed. It will not be sent."
    return f"The time for {number:,} emails has already passed. They will not be sent."

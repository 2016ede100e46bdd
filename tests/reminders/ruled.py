"""What the tests of rules about other things than meetings share."""

import datetime as dt

from engagements.models import Engagement
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import NOW, outbox


def rule_about(agreement, about, *days, audience, name="", **fields):
    """A rule with a step at 09:00 for each of ``days`` before (negative) or after; of engagements for all kinds, and
    on any day.
    """
    if Rule(kind=about).options.is_of_engagements:
        fields = {"engagement_kinds": Engagement.Kind.values} | fields
    fields = {"on_working_days": False} | fields
    rule = Rule(agreement=agreement, kind=about, audience=list(audience), name=name or f"About {about}", **fields)
    return save_rule(rule, steps=[Step(days=each) for each in days], by=None)


def on(day, hour=9, minute=1):
    """A minute past nine on a day after that of ``NOW``."""
    return dt.datetime.combine(NOW.date() + dt.timedelta(days=day), dt.time(hour, minute), dt.UTC)


def live(clock, *, since, until, plan=False):
    """Let the days pass, each with a sweep at 09:01 (``plan``: and the check of everything). Returns the days on which
    mail went, and to whom: the part before the @.
    """
    seen = []
    for day in range(since, until + 1):
        clock.move_to(on(day))
        before = len(outbox())
        sweep(plan_everything=plan)
        seen += [(day, letter["To"].addresses[0].username) for letter in outbox()[before:]]
    return seen


def deliveries_of(kind):
    """What the ledger says of a kind: (name, days of the step, state, reason), by name and step."""
    rows = Delivery.objects.filter(kind=kind).order_by("person__name", "step__days", "id")
    return list(rows.values_list("person__name", "step__days", "state", "reason"))


def plain(letter):
    """The plain words of a mail."""
    return letter.get_body(("plain",)).get_content()


def html(letter):
    """The HTML of a mail."""
    return letter.get_body(("html",)).get_content()

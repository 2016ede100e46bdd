"""The reminders of the last months: the planner is run for each of these days, with the records as they were then.

No email is sent: a delivery that was due counts as sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.db.models import Q

from demo.reminder_rules import AT
from engagements.models import Action, Engagement, Participation
from outbox.models import Message
from pages.holidays import is_day_off
from partnership.models import AgreementDate
from reminders.deliveries import ledger
from reminders.models import Delivery
from reminders.operations.planning import plan_queued

DAYS = 60
"""The length of the history."""

AROUND = timedelta(days=15)
"""People are reminded of an engagement at most so long before it starts or after."""

SENDING = timedelta(seconds=20)
"""How long it took to send an email."""

REPLY_FIELDS = ["reply", "replied_at", "note", "sent_apologies", "deputy"]

State, Status = Delivery.State, Engagement.Status


def make_history(agreement, now):
    """Plan and settle what was due on each of the last ``DAYS``. All rules send on working days, at the same time."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=number) for number in range(DAYS, -1, -1)]
    moments = [datetime.combine(day, AT, zone) for day in days if not is_day_off(day)]
    past = Past.since(agreement, moments[0])
    past.undo()
    for moment in moments:
        past.redo(moment)
        if moment <= now:
            for target, ids in _ids_to_plan(agreement, moment).items():
                ledger.plan(moment, ids, target, since=ledger.EVER)
            settle(agreement, moment)
    past.redo(None)


def catch_up(agreement, now):
    """Plan everything about ``agreement``, and settle what is due by ``now``."""
    # A delivery that is planned the first time can make another needless.
    for _ in range(2):
        ledger.queue_replan(ledger.EVER, "agreement", [agreement.pk])
        plan_queued(now)
    settle(agreement, now)


def _ids_to_plan(agreement, moment):
    engagements = Engagement.objects.of(agreement).filter(starts_at__range=(moment - AROUND, moment + AROUND))
    actions = Action.objects.of(agreement).filter(Q(engagement=None) | Q(engagement__over_at__lte=moment), done_on=None)
    rows = {"engagement": engagements, "action": actions, "date": AgreementDate.objects.of(agreement)}
    return {target: list(found.order_by("pk").values_list("pk", flat=True)) for target, found in rows.items()}


@dataclass
class Past:
    """What happened in a time: engagements were held, people replied and came, actions were done.

    It can be undone, and done again bit by bit. Each list is in order of time.
    """

    held: list[Engagement]
    replies: list[Participation]
    attendance: list[Participation]
    done: list[Action]

    @classmethod
    def since(cls, agreement, moment):
        """What happened in the agreement from ``moment`` on."""
        held = Engagement.objects.of(agreement).filter(status=Status.HELD, is_public_event=False, over_at__gt=moment)
        people = Participation.objects.of(agreement).select_related("engagement")
        attendance = people.filter(engagement__in=held).exclude(attendance="").order_by("engagement__over_at")
        replies = people.filter(replied_at__gt=moment).order_by("replied_at")
        done = Action.objects.of(agreement).filter(done_on__gte=moment.date()).order_by("done_on")
        return cls(list(held.order_by("over_at")), list(replies), list(attendance), list(done))

    @pgtrigger.ignore()
    def undo(self):
        """Have none of it happen yet."""
        blank = {"reply": "", "replied_at": None, "note": "", "sent_apologies": False, "deputy": ""}
        Engagement.objects.filter(pk__in=_keys(self.held)).update(status=Status.PLANNED)
        Participation.objects.filter(pk__in=_keys(self.replies)).update(**blank)
        Participation.objects.filter(pk__in=_keys(self.attendance)).update(attendance="")
        Action.objects.filter(pk__in=_keys(self.done)).update(done_on=None)

    @pgtrigger.ignore()
    def redo(self, until):
        """Have happen again what happened by that moment; with None, all that is left."""
        held = _take(self.held, lambda row: until is None or row.over_at <= until)
        Engagement.objects.filter(pk__in=_keys(held)).update(status=Status.HELD)
        replies = _take(self.replies, lambda row: until is None or row.replied_at <= until)
        Participation.objects.bulk_update(replies, REPLY_FIELDS)
        attendance = _take(self.attendance, lambda row: until is None or row.engagement.over_at <= until)
        Participation.objects.bulk_update(attendance, ["attendance"])
        done = _take(self.done, lambda row: until is None or row.done_on < until.date())
        Action.objects.bulk_update(done, ["done_on"])


def _keys(rows):
    return [row.pk for row in rows]


def _take(rows, has_happened):
    number = sum(map(has_happened, rows))
    taken, rows[:] = rows[:number], rows[number:]
    return taken


def settle(agreement, now):
    """Count what is due by ``now`` as sent at its time."""
    due = Delivery.objects.of(agreement).filter(state=State.PLANNED, due_at__lte=now).select_related("person")
    due = list(due.order_by("due_at", "pk"))
    for delivery in due:
        delivery.state, delivery.state_at = State.SENT, delivery.due_at + SENDING
        delivery.message = _message(delivery)
    Message.objects.bulk_create(delivery.message for delivery in due)
    Delivery.objects.bulk_update(due, ["state", "state_at", "message"])


def _message(delivery):
    return Message(
        agreement_id=delivery.agreement_id,
        person=delivery.person,
        address=delivery.person.email,
        subject=f"{delivery.get_kind_display()}: {delivery.title}",
        state=Message.State.SENT,
        attempts=1,
        created_at=delivery.due_at,
        state_at=delivery.state_at,
    )

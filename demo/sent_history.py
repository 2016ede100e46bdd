"""What was told of actions and of the agreement's dates before the demonstration was loaded: an invented history."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from contacts.models import Person
from engagements.models import Action
from outbox.models import Message
from pages.words import date_in_words
from partnership.models import AgreementDate
from records.roles import Role
from reminders.models import Delivery, Rule, Step
from reminders.notifications.kinds.action_due import capitalised, late_in_words
from reminders.notifications.kinds.date import TITLES, away_in_words
from reminders.queries import Reason

REMEMBERED = timedelta(days=120)
"""How far back the invented history goes."""
POST = timedelta(seconds=20)
"""How long a mail took."""
NEVER = timedelta(days=365)

Audience = Rule.Audience


@dataclass(frozen=True)
class Told:
    """One thing that rules remind of: its ``day``, whom each group of people is, and until when it was told."""

    kind: str
    link: dict
    day: date
    title: str
    people: dict
    until: date
    ends_at: datetime | None

    def subject_on(self, day):
        """The subject of the mail that went on a day."""
        if self.kind == Rule.Kind.DATE:
            return f"{self.title}: {date_in_words(self.day)}, {away_in_words(self.day, day)}"
        return f"{capitalised(late_in_words(self.day, day))}: {self.title}"


def make_history(agreement, now):
    """The deliveries, with their messages, of all steps of its rules that were due before ``now``."""
    steps = {}
    for step in Step.objects.filter(agreement=agreement).select_related("rule"):
        steps.setdefault(step.rule.kind, []).append(step)
    rows = [
        delivery(told, step, number, due, person)
        for told in things(agreement, now)
        for step in steps.get(told.kind, [])
        for number, due in rounds(told, step, now)
        for audience in step.rule.audience
        for person in told.people.get(audience, [])
    ]
    Message.objects.bulk_create(row.message for row in rows if row.message)
    Delivery.objects.bulk_create(rows)


def things(agreement, now):
    """The actions and dates of which people were told."""
    leads = list(Person.objects.filter(agreement=agreement, user__memberships__in=leads_of(agreement)))
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    for action in Action.objects.filter(agreement=agreement, due_on__isnull=False).select_related("owner_person"):
        owners = [action.owner_person] if action.owner_person else []
        people = {Audience.OWNERS: owners, Audience.LEADS: leads}
        until = action.done_on or today
        yield Told(Rule.Kind.ACTION_DUE, {"action": action}, action.due_on, action.title, people, until, None)
    for row in AgreementDate.objects.filter(agreement=agreement, kind__in=TITLES):
        ends_at = at(row.on + timedelta(days=1), time(0))
        people = {Audience.LEADS: leads}
        yield Told(Rule.Kind.DATE, {"date": row}, row.on, TITLES[row.kind], people, row.on, ends_at)


def leads_of(agreement):
    """The memberships of its leads."""
    return agreement.memberships.filter(role=Role.LEAD)


def rounds(told, step, now):
    """(number, instant) of each time at which a step was due, within what is remembered."""
    first = told.day + timedelta(days=step.days)
    every = step.repeats_every or NEVER.days * 100
    for number in range(1000 if step.repeats_every else 1):
        due = at(first + timedelta(days=number * every), step.at)
        if due > now or due.date() > told.until:
            return
        if due > now - REMEMBERED:
            yield number, due


def at(day, time_of_day):
    """A wall-clock time as an instant."""
    return datetime.combine(day, time_of_day, ZoneInfo(settings.TIME_ZONE))


def delivery(told, step, number, due, person):
    """One delivery of the past with its message, not yet saved."""
    is_sent = bool(person.email)
    return Delivery(
        agreement_id=step.agreement_id,
        kind=told.kind,
        rule=step.rule,
        step=step,
        round=number,
        person=person,
        **told.link,
        title=told.title,
        occurrence=(told.day - date(2000, 1, 1)).days,
        due_at=due,
        expires_at=told.ends_at or due + NEVER,
        state=Delivery.State.SENT if is_sent else Delivery.State.SKIPPED,
        reason="" if is_sent else str(Reason.NO_EMAIL),
        state_at=due + POST,
        message=message(told, due, person) if is_sent else None,
    )


def message(told, due, person):
    """The mail that was sent, not yet saved."""
    return Message(
        agreement_id=person.agreement_id,
        person=person,
        address=person.email,
        subject=told.subject_on(due.date()),
        state=Message.State.SENT,
        attempts=1,
        created_at=due,
        state_at=due + POST,
    )

"""The reminder rules of the demonstration, and what was sent by them before it was loaded: an invented history.

Nothing is mailed for the past. What is still to go is planned as for any other engagement.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engagements.models import Engagement, Participation
from outbox.models import Message
from pages.holidays import is_day_off, working_day_before
from reminders.deliveries.ledger import EVER
from reminders.models import Delivery, Preference, Rule, Step
from reminders.notifications.kinds.reminder import subject_of
from reminders.operations.rules import standard_rules
from reminders.preferences.rules import How
from reminders.queries import Reason

Kind = Engagement.Kind
RULES = (("Committee meetings", Kind.COMMITTEE, (14, 7, 1)), ("Roundtables", Kind.ROUNDTABLE, (7, 2)))
WORDS = {
    Kind.COMMITTEE: "Please read the papers before the meeting. They are on the record: {record}",
    Kind.ROUNDTABLE: "We look forward to seeing you at the {kind} on {date}. Bring one question of your own.",
}
AT = time(9)
CHOSEN = (
    {"meetings": How.WEEKLY, "records": How.WEEKLY},
    {"meetings": How.DAILY, "actions": How.DAILY},
    {"progress": How.OFF, "quiet_from": time(18, 30), "quiet_to": time(7, 30)},
    {"meetings": How.OFF},
    {},
)
"""What the committee member and four others have chosen; the last one pauses."""
REMEMBERED = timedelta(days=120)
"""How far back the invented history goes."""
POST = timedelta(seconds=20)
"""How long a mail took."""


def make_rules(agreement):
    """One rule for each kind of engagement that is reminded of, with its steps; of all else the standard rules. They
    count as made when the agreement was.
    """
    for name, kind, lead_times in RULES:
        rule = Rule.objects.create(agreement=agreement, name=name, engagement_kinds=[kind], text=WORDS[kind])
        Step.objects.bulk_create(Step(agreement=agreement, rule=rule, days=-days, at=AT) for days in lead_times)
    standard_rules(agreement, by=None)
    Step.objects.filter(agreement=agreement).update(counts_from=EVER)


def make_choices(agreement, today):
    """What some people have chosen to be told, and when."""
    reminded = Participation.objects.filter(agreement=agreement, engagement__kind=Kind.ROUNDTABLE)
    coming = reminded.filter(engagement__starts_on__gt=today).exclude(reply=Participation.Reply.DECLINED)
    people = agreement.people.exclude(email="").filter(user=None, pk__in=coming.values("person")).order_by("name")
    people = list(people[: len(CHOSEN) - 1])
    member = agreement.people.get(user__email="member@committee.example")
    for person, chosen in zip([member, *people], CHOSEN, strict=False):
        Preference.objects.create(agreement=agreement, person=person, **chosen)
    Preference.objects.filter(person=people[-1]).update(paused_until=today + timedelta(days=10))


def make_history(agreement, now):
    """What was due before ``now``, of the last months' engagements and of those to come: sent, or skipped."""
    steps = {}
    for step in Step.objects.filter(agreement=agreement, rule__kind=Rule.Kind.REMINDER).select_related("rule"):
        steps.setdefault(step.rule.engagement_kinds[0], []).append(step)
    pairs = [
        (participation, step, due_at(participation.engagement, step))
        for participation in reminded(agreement, now)
        for step in steps[participation.engagement.kind]
    ]
    deliveries = [delivery(participation, step, due) for participation, step, due in pairs if due <= now]
    Message.objects.bulk_create(row.message for row in deliveries if row.message)
    Delivery.objects.bulk_create(deliveries)


def reminded(agreement, now):
    """Who takes part in what people were reminded of."""
    rows = Participation.objects.filter(
        agreement=agreement,
        engagement__kind__in=[kind for _, kind, _ in RULES],
        engagement__is_public_event=False,
        engagement__starts_at__gt=now - REMEMBERED,
    )
    return rows.exclude(engagement__status=Engagement.Status.CANCELLED).select_related("engagement", "person")


def due_at(engagement, step):
    """The wall-clock time of a step, as an instant: on a working day."""
    day = engagement.starts_on + timedelta(days=step.days)
    day = working_day_before(day, 1) if is_day_off(day) else day
    return datetime.combine(day, step.at, ZoneInfo(engagement.time_zone))


def delivery(participation, step, due):
    """One delivery of the past with its message, not yet saved."""
    engagement, person = participation.engagement, participation.person
    reason = why_not(participation, due)
    return Delivery(
        agreement_id=participation.agreement_id,
        rule=step.rule,
        step=step,
        person=person,
        engagement=engagement,
        title=engagement.title,
        occurrence=engagement.schedule_version,
        due_at=due,
        expires_at=engagement.starts_at,
        state=Delivery.State.SKIPPED if reason else Delivery.State.SENT,
        reason=reason,
        state_at=due + POST,
        message=None if reason else message(participation, due),
    )


def why_not(participation, due):
    """Why somebody was not reminded; "" where they were."""
    if participation.reply == Participation.Reply.DECLINED and participation.replied_at <= due:
        return str(Reason.DECLINED)
    return "" if participation.person.email else str(Reason.NO_EMAIL)


def message(participation, due):
    """The mail that was sent, not yet saved."""
    return Message(
        agreement_id=participation.agreement_id,
        person=participation.person,
        address=participation.person.email,
        subject=subject_of(participation.engagement),
        state=Message.State.SENT,
        attempts=1,
        created_at=due,
        state_at=due + POST,
    )

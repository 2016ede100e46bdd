"""The reminder rules of the demonstration, and the email settings that some of its people have chosen."""

from datetime import time, timedelta

from engagements.models import Engagement, Participation
from reminders.deliveries.ledger import EVER
from reminders.models import Preference, Rule, Step
from reminders.operations.rules import standard_rules
from reminders.preferences.rules import How

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

"""The participations in the demonstration's engagements: people, replies and attendance."""

from datetime import timedelta
from random import Random

from contacts.models import Organisation
from engagements.models import Engagement, Participation

Kind, Role, Reply, Attendance = Engagement.Kind, Participation.Role, Participation.Reply, Participation.Attendance
OUTSIDE = (
    (Organisation.Kind.COUNCIL,),
    (Organisation.Kind.SUPPLIER,),
    (Organisation.Kind.GOVERNMENT, Organisation.Kind.TRADE_BODY, Organisation.Kind.RESEARCH),
)
FAR_OFF = timedelta(days=30)
"""Few people have replied to engagements that are further ahead than this."""

DEPUTIES = ("Robin Castle, Head of Digital", "Amara Quist", "Jo Hartley, Policy Officer")
NOTES = (
    "I will join 15 minutes late.",
    "I have to leave at the end of the first hour.",
    "Step-free access, please.",
)


def make_participations(book, pairs):
    """Create the participations in one insert. An engagement with a head count has none."""
    Participation.objects.bulk_create(
        participation
        for engagement, row in pairs
        if "head_count" not in row
        for participation in participations(book, engagement, row)
    )


def participations(book, engagement, row):
    """The participations of one engagement, not yet saved; each load has the same."""
    chance = Random(f"{row['title']} {row['day']}")  # noqa: S311  (invented replies, not secrets)
    for person, role in people(book, engagement, row, chance):
        reply = reply_of(engagement, role, chance, book.calendar.now)
        yield Participation(
            agreement=book.agreement,
            engagement=engagement,
            person=person,
            organisation=person.organisation,
            role=role,
            reply=reply,
            replied_at=replied_at(engagement, chance, book.calendar) if reply else None,
            attendance=attendance_of(engagement, row, reply, chance),
            **reply_note(engagement, person, reply),
        )


def people(book, engagement, row, chance):
    """Pairs of a person and a role: a committee's seats, else the hosts' officers and guests of each kind."""
    if engagement.kind == Kind.COMMITTEE:
        roles = {"chair": Role.CHAIR, "observer": Role.OBSERVER}
        return [
            (book.people_by_pk[seat.holder_id], roles.get(seat.role, Role.PARTICIPANT))
            for seat in book.seats
            if seat.ends_on is None or seat.ends_on >= engagement.starts_on
        ]
    return [*organisers(book, engagement, row), *guests(book, engagement, row, chance)]


def organisers(book, engagement, row):
    """An officer from each host, one who signs in; at a bilateral, both the officer and the lead of each party."""
    names = ["LGA", "techUK"] if engagement.kind == Kind.BILATERAL else row["hosts"]
    role = Role.PARTICIPANT if engagement.kind == Kind.BILATERAL else Role.ORGANISER
    for name in names:
        officers = book.officers(book.organisations[name])
        yield from ((officer, role) for officer in officers[: 2 if engagement.kind == Kind.BILATERAL else 1])


def guests(book, engagement, row, chance):
    """People of councils, suppliers and others: one chairs a roundtable, two speak elsewhere."""
    hosts = {book.organisations[name].pk for name in row["hosts"]}
    guests = []
    for kinds, wanted in zip(OUTSIDE, row.get("invited", []), strict=False):
        there = [
            person
            for person in book.of_kind(*kinds)
            if person.organisation_id not in hosts and (person.left_on is None or person.left_on > engagement.starts_on)
        ]
        guests += chance.sample(there, min(wanted, len(there)))
    lead_roles = [Role.CHAIR] if engagement.kind == Kind.ROUNDTABLE else [Role.SPEAKER] * 2
    roles = [*lead_roles, *[Role.PARTICIPANT] * len(guests)]
    return list(zip(guests, roles, strict=False))


def reply_of(engagement, role, chance, now):
    """A random reply. Organisers, and all at a bilateral, accept."""
    if role == Role.ORGANISER or engagement.kind == Kind.BILATERAL:
        return Reply.ACCEPTED
    is_far_off = engagement.starts_at > now + FAR_OFF
    weights = (15, 3, 4, 78) if is_far_off else (68, 6, 12, 14)
    choices = (Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED, Reply.NONE)
    return chance.choices(choices, weights)[0]


def reply_note(engagement, person, reply):
    """The note, apologies and deputy that some add to a reply; its own ``Random`` keeps other choices unchanged."""
    chance = Random(f"{engagement.title} {engagement.starts_on} {person.name}")  # noqa: S311  (invented replies)
    if reply == Reply.DECLINED:
        sent_apologies = chance.random() < 0.7
        deputy = chance.choice(DEPUTIES) if sent_apologies and chance.random() < 0.4 else ""
        return {"sent_apologies": sent_apologies, "deputy": deputy}
    return {"note": chance.choice(NOTES)} if reply == Reply.ACCEPTED and chance.random() < 0.06 else {}


def replied_at(engagement, chance, calendar):
    """A random moment, some days before the engagement and before the load."""
    return calendar.before_now(
        engagement.starts_at - timedelta(days=chance.randint(3, 20), minutes=chance.randint(0, 600))
    )


def attendance_of(engagement, row, reply, chance):
    """A random attendance; unknown where the engagement was not held or nobody has recorded who came."""
    if engagement.status != Engagement.Status.HELD or not row.get("taken", True):
        return Attendance.UNKNOWN
    if reply == Reply.DECLINED:
        return Attendance.APOLOGIES
    weights = (90, 7, 3) if reply == Reply.ACCEPTED else (45, 15, 40)
    return chance.choices((Attendance.CAME, Attendance.APOLOGIES, Attendance.ABSENT), weights)[0]

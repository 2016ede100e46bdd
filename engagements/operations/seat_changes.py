"""How the people of planned meetings change with their committee's seats, or with the day of the meeting."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Prefetch, Q
from django.utils import timezone

from contacts.models import Person
from engagements.models import Engagement, Participation
from engagements.models.engagement import Status
from engagements.operations.related_rows import add_invited
from pages.words import date_in_words

PLANNED = (Status.PLANNED, Status.CONFIRMED, Status.CANCELLED)
"""A cancelled meeting follows too, without emails: if it is reinstated, it has the right people."""
OWN_PART = (Participation.Role.SPEAKER, Participation.Role.ORGANISER)
"""Roles of people who are there for more than their seat: they stay when they leave it."""


@dataclass(frozen=True)
class MeetingChange:
    """The people added to and removed from a planned meeting because its seats have other holders on its day."""

    meeting: Engagement
    added: tuple[Person, ...]
    removed: tuple[Person, ...]


@dataclass(frozen=True)
class MeetingsPreview:
    """The changes of planned meetings that saving or deleting seats would make."""

    changes: tuple[MeetingChange, ...]

    @classmethod
    def of(cls, committee, saved=(), deleted=()):
        """The preview of saving the seats ``saved`` (new or changed in memory) and deleting the seats ``deleted``."""
        before = list(committee.seats.select_related("holder"))
        touched = {seat.pk for seat in (*saved, *deleted)}
        after = [*(seat for seat in before if seat.pk not in touched), *saved]
        return cls(tuple(meeting_changes(committee, before, after)))

    def in_words(self, *, notify=True):
        """ "Saving changes 3 planned meetings and emails 2 people."; "" where none changes."""
        if not self.changes:
            return ""
        emails = f" and emails {_counted(len(self.people), 'person', 'people')}" if self.people and notify else ""
        return f"Saving changes {_counted(len(self.changes), 'planned meeting', 'planned meetings')}{emails}."

    @property
    def lines(self):
        """ "12 January 2027, Digital Committee: adds Nora Seat; removes Jo Pike" of each meeting."""
        found = []
        for change in self.changes:
            parts = [("adds", change.added), ("removes", change.removed)]
            what = [f"{verb} {', '.join(person.name for person in people)}" for verb, people in parts if people]
            found.append(f"{date_in_words(change.meeting.starts_on)}, {change.meeting.title}: {'; '.join(what)}")
        return found

    @property
    def key(self):
        """A hash of the changes, with which a form says that they were shown."""
        facts = [
            (change.meeting.pk, *(sorted(person.pk for person in people) for people in (change.added, change.removed)))
            for change in self.changes
        ]
        return sha256(repr(facts).encode()).hexdigest()

    @property
    def people(self):
        """The people added or removed who have an email address, by name: they are emailed."""
        found = {person for change in self.changes_on for person in (*change.added, *change.removed)}
        return sorted((person for person in found if person.email), key=lambda person: person.name.casefold())

    @property
    def changes_on(self):
        """The changes of meetings that are not cancelled."""
        return [change for change in self.changes if not change.meeting.is_off]


def _counted(number, one, many):
    return f"1 {one}" if number == 1 else f"{number} {many}"


def meeting_changes(committee, before, after) -> list[MeetingChange]:
    """The changes of future meetings of ``committee`` when its seats ``before`` become ``after``, in order of time.

    Seats come with their holders. The number of queries is the same for any number of meetings.
    """
    changes = [(meeting, *_people_for(meeting, before, after)) for meeting in _planned_meetings(committee)]
    return [MeetingChange(*change) for change in changes if change[1] or change[2]]


def _planned_meetings(committee):
    now = timezone.now()
    to_come = Q(starts_at__gt=now) | Q(start_time=None, ends_at__gt=now)
    people = Participation.objects.select_related("person")
    rows = Engagement.objects.filter(to_come, committee=committee, status__in=PLANNED)
    rows = rows.select_related("agreement").order_by("starts_on", "start_time", "pk")
    return rows.prefetch_related(Prefetch("participations", people), "series__person_links")


def _people_for(meeting, before, after):
    day = meeting.starts_on
    return changed_people(meeting, holders_on(before, day), holders_on(after, day), meeting.participations.all())


def changed_people(meeting, was, will, places):
    """(people to add, people to remove) when the holders of seats change from ``was`` to ``will``, {key: person} each.

    ``places`` are the participations of the meeting. People on the list of its series, or with a role of their own
    (``OWN_PART``), stay.
    """
    there = {place.person_id: place for place in places}
    listed = {link.person_id for link in meeting.series.person_links.all()} if meeting.series_id else set()
    added = [person for key, person in will.items() if key not in was and key not in there]
    removed = [
        there[key].person
        for key in was
        if key in there and key not in will and key not in listed and there[key].role not in OWN_PART
    ]
    return tuple(added), tuple(removed)


def holders_on(seats, day):
    """{key: person} of holders of ``seats`` on ``day`` who have not left their organisation by then."""
    held = [seat.holder for seat in seats if seat.holder and seat.is_held_on(day)]
    return {person.pk: person for person in held if person.left_on is None or person.left_on > day}


def move_seat_holders(meeting, day_before):
    """Replace the holders of seats on ``day_before`` by those on the new day of a meeting that was moved.

    Returns the ids of those added, and of those removed.
    """
    if not meeting.committee_id or meeting.status not in PLANNED:
        return set(), set()
    seats = list(meeting.committee.seats.select_related("holder"))
    was, will = holders_on(seats, day_before), holders_on(seats, meeting.starts_on)
    places = Participation.objects.filter(engagement=meeting).select_related("person")
    return put_on_meeting(meeting, *changed_people(meeting, was, will, places))


def put_on_meeting(meeting, added, removed):
    """Add and remove people. Returns the ids of those added, and of those removed."""
    removed = {person.pk for person in removed}
    Participation.objects.filter(engagement=meeting, person__in=removed).delete()
    return add_invited(meeting, added), removed

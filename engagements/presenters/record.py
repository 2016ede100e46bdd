"""The content of the page of one engagement, as one user may see it."""

from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404
from django.utils import timezone

from engagements.models import Action, Decision, Document, Engagement, EngagementHost, Note, Participation
from engagements.presenters.checklist import checklist
from engagements.queries import SeriesPlace
from engagements.rules.words import part_of
from pages.holidays import bank_holiday_note
from pages.words import day_in_words
from partnership.models import AgreementDate
from records.compiled_queries import compiled

SHOWN_AT_ONCE = 12
"""The number of people shown before "Show all"."""

ROLES = {role: place for place, role in enumerate(("chair", "speaker", "organiser", "participant", "observer"))}
STATES = {
    state: place for place, state in enumerate(("came", "accepted", "tentative", "", "apologies", "declined", "absent"))
}


class Record:
    """An engagement with all that belongs to it, as ``user`` may see it. Each part takes one query, on first use.

    Raises Http404 where the agreement has no such engagement that the user may see.
    """

    def __init__(self, user, access, pk):
        self.user, self.access, self.now = user, access, timezone.now()
        found = _engagement(user, access.agreement, pk, self.now)
        if not found:
            raise Http404("There is no such engagement.")
        self.engagement = found[0]

    def _ask(self, question):
        return question(self.user, self.access.agreement, self.engagement)

    @cached_property
    def hosts(self):
        return [link.organisation for link in self._ask(_hosts)]

    @property
    def workstreams(self):
        """Its workstreams, in the order of the agreement: dicts of name, slug and colour."""
        return self.engagement.streams

    @cached_property
    def decisions(self):
        return self._ask(_decisions)

    @cached_property
    def actions(self):
        """The actions, each with its owner as far as the user may know, and ``may_finish``."""
        return self._ask(_actions)

    @cached_property
    def notes(self):
        """The notes that the user may read, each with ``is_mine``: whether the user may change it."""
        return self._marked(self._ask(_notes))

    @cached_property
    def documents(self):
        """The documents that the user may read, each with ``is_mine``: whether the user may delete it."""
        return self._marked(self._ask(_documents))

    def _marked(self, papers):
        for paper in papers:
            paper.is_mine = self.access.can_edit and paper.may_be_changed_by(self.access.party)
        return papers

    @cached_property
    def people(self):
        """The participations that the user may see: chairs and speakers first. Each has ``part`` (see ``part_of``)."""
        people = self._ask(_people)
        for participation in people:
            participation.part = part_of(participation, is_attendance_known=self.is_known_who_came)
        return sorted(people, key=self._place)

    def _place(self, participation):
        state = participation.attendance if self.is_known_who_came else participation.reply
        return ROLES[participation.role], STATES[state], participation.person.name.casefold()

    @property
    def my_place(self):
        """The user's own participation; None without one, and once the engagement has begun or is cancelled."""
        if self.engagement.is_off or self.engagement.has_begun:
            return None
        return next((each for each in self.people if each.person.user_id == self.user.pk), None)

    @property
    def is_known_who_came(self):
        """Whether it has begun and somebody's attendance is recorded. Until then only replies are known."""
        return self.engagement.has_begun and self.engagement.has_attendance

    @property
    def people_heading(self):
        if self.engagement.is_off or (self.engagement.awaits_answer and not self.engagement.has_attendance):
            return "Who was invited"
        return "Who came" if self.engagement.has_begun else "Who is coming"

    @property
    def first_people(self):
        return self.people[:SHOWN_AT_ONCE]

    @property
    def more_people(self):
        """The people shown after "Show all"."""
        return self.people[SHOWN_AT_ONCE:]

    @property
    def hides_people(self):
        """Whether the Chatham House Rule keeps names from the user."""
        return self.engagement.chatham_house and len(self.people) < self.engagement.invited_count

    @property
    def people_in_words(self):
        """ "14 of 21 invited, 11 organisations", without the parts that are not known."""
        engagement = self.engagement
        parts = []
        if engagement.invited_count:
            parts.append(self._number_of_people())
        if not self.hides_people and self.organisation_count:
            parts.append(_count(self.organisation_count, "organisation"))
        if engagement.head_count is not None:
            parts.append(f"{engagement.head_count} came in all")
        return ", ".join(parts)

    def _number_of_people(self):
        engagement = self.engagement
        invited, came, coming = engagement.invited_count, engagement.came_count, engagement.coming_count
        if self.is_known_who_came:
            return f"{came} of {invited} invited" if came < invited else _count(came, "person", "people")
        if engagement.is_off or engagement.has_begun or not coming:
            return f"{invited} invited"
        return f"{coming} of {invited} coming"

    @property
    def organisation_count(self):
        """The number of organisations of the people who came; while that is not known, of those invited."""
        came = Participation.Attendance.CAME
        people = [each for each in self.people if each.attendance == came or not self.is_known_who_came]
        return len({each.organisation_id for each in people} - {None})

    @property
    def next_of_series(self):
        """The date of the next engagement in its series, in words; "" where there is none."""
        day = self.engagement.in_series["next_on"]
        return day_in_words(date.fromisoformat(day), timezone.localdate(self.now)) if day else ""

    @property
    def papers_due_on(self):
        """The day by which the papers of a future committee meeting are due; None for any other engagement."""
        is_to_come = not (self.engagement.has_begun or self.engagement.is_off)
        return self.engagement.papers_due_on if is_to_come else None

    @property
    def bank_holiday(self):
        """A sentence where a future engagement is on a bank holiday; else ""."""
        is_planned = not (self.engagement.has_begun or self.engagement.is_off)
        return bank_holiday_note(self.engagement.starts_on) if is_planned else ""

    @cached_property
    def checklist(self):
        self.engagement.has_hosts, self.engagement.has_papers = bool(self.hosts), bool(self.documents)
        return checklist(self.engagement, actions=self.actions, today=timezone.localdate(self.now))


@compiled
def _engagement(user, agreement, pk, now):
    taken = Participation.objects.filter(engagement=OuterRef("pk")).exclude(attendance="")
    return (
        Engagement.objects.visible_to(user)
        .of(agreement)
        .filter(pk=pk)
        .defer("search")
        .select_related("agreement", "committee", "logged_by", "updated_by")
        .with_head_counts()
        .with_record_state(now)
        .with_streams()
        .annotate(
            has_attendance=Exists(taken),
            effective_on=_effective_date(),
            in_series=SeriesPlace("series", "series_date", "starts_at"),
        )
    )


def _rows(model, user, agreement, engagement):
    return model.objects.visible_to(user).of(agreement).filter(engagement=engagement)


@compiled
def _hosts(user, agreement, engagement):
    return _rows(EngagementHost, user, agreement, engagement).select_related("organisation")


@compiled
def _decisions(user, agreement, engagement):
    return _rows(Decision, user, agreement, engagement)


@compiled
def _actions(user, agreement, engagement):
    return _rows(Action, user, agreement, engagement).with_owner(user).with_may_finish(user)


@compiled
def _notes(user, agreement, engagement):
    return _rows(Note, user, agreement, engagement).select_related("party", "written_by")


@compiled
def _documents(user, agreement, engagement):
    return _rows(Document, user, agreement, engagement).select_related("party", "by_party", "added_by__organisation")


@compiled
def _people(user, agreement, engagement):
    return _rows(Participation, user, agreement, engagement).select_related("person", "organisation")


def _effective_date():
    """The day when the agreement took effect, or NULL. Panels of the apps above count the agreement's years from it."""
    dates = AgreementDate.objects.filter(agreement=OuterRef("agreement"), kind=AgreementDate.Kind.EFFECTIVE)
    return Subquery(dates.values("on")[:1])


def _count(number, noun, plural=""):
    return f"{number} {noun if number == 1 else plural or noun + 's'}"

"""The rows of an engagement that its operations set: hosts, workstreams, people, decisions, actions."""

from django.db.models import F
from django.utils import timezone

from engagements.models import Action, Decision, EngagementHost, EngagementWorkstream, Participation, Seat
from engagements.models.participation import REPLY_FIELDS
from engagements.operations.deletion import why_kept
from records.deletion import InUseError

ACTION_FIELDS = ["title", "owner_person", "owner_organisation", "due_on"]
"""The fields of an existing action that the form of an engagement changes."""


def set_links(engagement, *, hosts, workstreams):
    """Set the hosts and workstreams; None leaves them unchanged."""
    for model, field, wanted in (
        (EngagementHost, "organisation", hosts),
        (EngagementWorkstream, "workstream", workstreams),
    ):
        if wanted is None:
            continue
        links = model.objects.filter(engagement=engagement)
        links.exclude(**{f"{field}__in": wanted}).delete()
        there = set(links.values_list(f"{field}_id", flat=True))
        new = {row.pk: row for row in wanted if row.pk not in there}
        model.objects.bulk_create(
            model(agreement_id=engagement.agreement_id, engagement=engagement, **{field: row}) for row in new.values()
        )


def set_people(engagement, people):
    """Make exactly ``people`` take part. Existing participations stay unchanged.

    Returns the ids of those added, and of those removed.
    """
    others = Participation.objects.filter(engagement=engagement).exclude(person__in=people)
    removed = set(others.values_list("person_id", flat=True))
    if removed:
        others.delete()
    return add_missing(engagement, people), removed


def add_missing(engagement, people):
    """Add those of ``people`` who do not take part yet, each at their present organisation. Returns their ids.

    If the engagement was held, they came.
    """
    held = engagement.status == engagement.Status.HELD
    return _add(engagement, people, Participation.Attendance.CAME if held else Participation.Attendance.UNKNOWN)


def add_invited(engagement, people):
    """Add those of ``people`` who do not take part yet, with unknown attendance. Returns their ids."""
    return _add(engagement, people, Participation.Attendance.UNKNOWN)


def note_attendance(engagement, answers):
    """Record the attendance of a list of people; ``answers`` is {person: attendance, or ""}.

    Before the engagement is held, any answer but "came" is recorded as a reply: not coming.
    """
    answers = {person.pk: attendance for person, attendance in answers.items() if attendance}
    changed, apologies = [], Participation.Attendance.APOLOGIES
    for place in Participation.objects.filter(engagement=engagement, person__in=answers) if answers else []:
        if engagement.status == engagement.Status.HELD:
            place.attendance = answers[place.person_id]
        elif answers[place.person_id] != Participation.Attendance.CAME:
            has_apologised = answers[place.person_id] == apologies
            place.record_reply(Participation.Reply.DECLINED, timezone.now(), sent_apologies=has_apologised)
        changed.append(place)
    Participation.objects.bulk_update(changed, ["attendance", *REPLY_FIELDS])


def add_seat_holders(engagement):
    """Add the holders of seats of its committee on its day, with unknown attendance. Returns the ids of new people."""
    if not engagement.committee_id:
        return set()
    seats = Seat.objects.filter(committee=engagement.committee_id).held_on(engagement.starts_on)
    return add_invited(engagement, [seat.holder for seat in seats.select_related("holder") if seat.holder])


def _add(engagement, people, attendance):
    there = Participation.objects.filter(engagement=engagement)
    known = set(there.values_list("person_id", flat=True))
    new = {person.pk: person for person in people if person.pk not in known}
    Participation.objects.bulk_create(
        Participation(
            agreement_id=engagement.agreement_id,
            engagement=engagement,
            person=person,
            organisation_id=person.organisation_id,
            attendance=attendance,
        )
        for person in new.values()
    )
    return set(new)


def move_replies(engagement, before):
    """Turn replies into earlier replies, with their times, once a future engagement has moved from ``before``.

    Everybody who replied is asked again. Somebody who had replied to the new date, before it was moved away, has that
    reply again.
    """
    if engagement.status not in ("planned", "confirmed") or engagement.over_at <= timezone.now():
        return
    rows = Participation.objects.filter(engagement=engagement)
    given_for = {"earlier_starts_at": engagement.starts_at, "earlier_ends_at": engagement.ends_at}
    back = list(rows.exclude(earlier_reply="").filter(**given_for).values_list("pk", flat=True))
    rows.exclude(reply="").update(
        reply="", earlier_reply=F("reply"), earlier_starts_at=before.starts_at, earlier_ends_at=before.ends_at
    )
    rows.filter(pk__in=back).update(
        reply=F("earlier_reply"), earlier_reply="", earlier_starts_at=None, earlier_ends_at=None
    )


def set_decisions(engagement, texts):
    """Set the decisions to ``texts``, in order. A text that exists already keeps its row."""
    there = {decision.text: decision for decision in Decision.objects.filter(engagement=engagement)}
    wanted = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    Decision.objects.filter(engagement=engagement).exclude(text__in=wanted).delete()
    for position, text in enumerate(wanted):
        decision = there.get(text)
        if decision is None:
            Decision.objects.create(
                agreement_id=engagement.agreement_id, engagement=engagement, text=text, position=position
            )
        elif decision.position != position:
            decision.position = position
            decision.save(update_fields=["position"])


def save_actions(engagement, actions, removed=(), *, by):
    """Save new actions and those changed in memory, and delete those ``removed``; others stay.

    Returns the actions with a person as their new owner. InUseError for one that ``by`` may not delete.
    """
    for action in removed:
        if why := why_kept(action, by):
            raise InUseError(f"Action “{action.title}”: {why}")
        action.delete()
    before = owners_of(actions)
    for action in actions:
        if action.pk:
            action.save(update_fields=ACTION_FIELDS)
        else:
            action.agreement_id, action.engagement = engagement.agreement_id, engagement
            action.save(force_insert=True)
    return [action for action in actions if action.owner_person_id not in (None, before.get(action.pk))]


def owners_of(actions):
    """{key: key of the person who owns it, or None} of those of ``actions`` that are saved, as stored."""
    stored = [action.pk for action in actions if action.pk]
    return dict(Action.objects.filter(pk__in=stored).values_list("pk", "owner_person")) if stored else {}

"""What hangs on an engagement, as its verbs set it: hosts, workstreams, people, decisions, actions."""

from django.db.models import F
from django.utils import timezone

from engagements.models import Action, Decision, EngagementHost, EngagementWorkstream, Participation, Seat
from engagements.models.participation import REPLY_FIELDS
from engagements.operations.deletion import why_kept
from records.deletion import InUseError

ACTION_FIELDS = ["title", "owner_person", "owner_organisation", "due_on"]
"""What the form of an engagement changes of an action that is there already."""


def set_links(engagement, *, hosts, workstreams):
    """Make the hosts and workstreams those given; None leaves them."""
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
    """Have exactly ``people`` take part. Those who are there already stay as they are.

    Returns the ids of those added, and of those removed.
    """
    others = Participation.objects.filter(engagement=engagement).exclude(person__in=people)
    removed = set(others.values_list("person_id", flat=True))
    if removed:
        others.delete()
    return add_missing(engagement, people), removed


def add_missing(engagement, people):
    """Have ``people`` take part too, each at the organisation of today. Of one that was held, they came.

    Returns the ids of those who did not before.
    """
    held = engagement.status == engagement.Status.HELD
    return _add(engagement, people, Participation.Attendance.CAME if held else Participation.Attendance.UNKNOWN)


def add_invited(engagement, people):
    """Have ``people`` take part too; whether they attended is for others to say. Returns the ids of those who did not
    before.
    """
    return _add(engagement, people, Participation.Attendance.UNKNOWN)


def note_attendance(engagement, answers):
    """Record the attendance that a list of people gives; ``answers`` is {person: attendance, or ""}.

    Before it is held, apologies are a reply: they are not coming.
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
    """Have those take part who hold a seat of its committee on its day; whether they came is for others to say.

    Returns the ids of those who did not before.
    """
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
    """Have replies belong to the dates they were given for, once an engagement to come has moved from ``before``.

    Whoever replied is asked again; whoever had replied to the new date, before it was moved away, has replied to it.
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
    """Make the decisions those of ``texts``, in order; what is said already keeps its row."""
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

    Returns those that a person owns who did not before. InUseError for one that ``by`` may not delete.
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
    """{key: the person who owns it, as it is stored} of those of ``actions`` that are stored."""
    stored = [action.pk for action in actions if action.pk]
    return dict(Action.objects.filter(pk__in=stored).values_list("pk", "owner_person")) if stored else {}

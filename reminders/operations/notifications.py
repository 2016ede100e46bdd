"""Notifications of what somebody has just saved: invitations, moves, cancellations, actions, the record.

Each is a delivery like any other, created in the transaction of the change. The deliveries show what a person was last
notified of; ``kind_for`` then gives the kind that they are sent.
"""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from enum import Enum

from django.db.models import Count
from django.utils import timezone

from contacts.models import Person
from engagements.changes import EngagementChange
from engagements.models import Engagement, Participation
from engagements.operations.engagement import NotPossibleError, me
from engagements.presenters.email_notices import note
from outbox.dispatch import call_once
from records.verbs import verb
from reminders.deliveries.pending import send_at
from reminders.deliveries.recipients import keys_of
from reminders.models import CancellationNotice, Delivery
from reminders.notification_types import notices
from reminders.notifications.engagement_facts import time_and_place
from reminders.notifications.notices import WORDS, as_cancelled, notice
from reminders.planning.database import run
from reminders.queries import Reason

Kind = Delivery.Kind

RECORD_WITHIN = timedelta(days=7)
"""How long the record, or a new action, can be sent: after a week without email, nobody wants them any more."""


class LastNotified(Enum):
    """What somebody was last notified of about an engagement."""

    ON = "that it is on"
    OFF = "that it is off, or not for them"
    NOTHING = "nothing yet: their invitation has not gone"
    UNKNOWN = "nothing by Concord: who invited them did so in another way"


# The newest notification of each of these people, sent or skipped by somebody's choice, and whether any notice was an
# invitation (null without a notice). An email that waits for its next attempt has not been sent.
_LAST_NOTIFIED = """
    SELECT asked.id, newest.kind, (
        SELECT bool_or(d.kind = 'invitation') FROM reminders_delivery d
        WHERE d.engagement_id = %(id)s AND d.person_id = asked.id AND d.kind = ANY (%(notices)s))
    FROM unnest(%(people)s::bigint[]) asked (id)
    LEFT JOIN LATERAL (
        SELECT d.kind FROM reminders_delivery d LEFT JOIN outbox_message m ON m.id = d.message_id
        WHERE d.engagement_id = %(id)s AND d.person_id = asked.id
          AND (d.kind = ANY (%(notices)s) OR d.kind = 'reminder')
          AND (d.state IN ('sent', 'bounced') OR d.state = 'claimed' AND m.state = 'claimed'
               OR d.state = 'skipped' AND d.reason = ANY (%(chosen)s))
        ORDER BY d.state_at DESC, d.id DESC
        LIMIT 1) newest ON TRUE"""

# Notices that have not been sent yet are superseded by the newer one.
_SUPERSEDE = """
    UPDATE reminders_delivery d SET state = 'superseded', reason = %(reason)s, state_at = %(now)s
    FROM (
        SELECT d.id FROM reminders_delivery d LEFT JOIN outbox_message m ON m.id = d.message_id
        WHERE d.engagement_id = %(id)s AND d.person_id = ANY (%(people)s) AND d.kind = ANY (%(notices)s)
          AND (d.state = 'planned' OR d.state = 'claimed' AND m.state = 'waiting')
        ORDER BY d.id
        FOR UPDATE OF d) old
    WHERE old.id = d.id
    RETURNING d.person_id, d.kind, d.previous::text, d.due_at, d.batch_id::text"""

# Notices that wait for the same people about other dates of the same series: they share an email.
_OF_SERIES = """
    SELECT d.person_id, min(d.due_at), min(d.batch_id::text)
    FROM reminders_delivery d JOIN engagements_engagement e ON e.id = d.engagement_id
    WHERE e.series_id = %(series)s AND d.engagement_id <> %(id)s AND d.person_id = ANY (%(people)s)
      AND d.kind = ANY (%(notices)s) AND d.state = 'planned' AND d.due_at > %(now)s
    GROUP BY d.person_id"""

_JOIN = """
    UPDATE reminders_delivery d SET batch_id = %(batch_id)s
    FROM engagements_engagement e
    WHERE e.id = d.engagement_id AND e.series_id = %(series)s AND d.person_id = ANY (%(people)s)
      AND d.kind = ANY (%(notices)s) AND d.state = 'planned' AND d.due_at > %(now)s AND d.batch_id IS NULL"""

# For people whose newest notice, of a move, was undone: when and where they still think that it is.
_WAS = """
    SELECT newest.person_id, newest.previous::text FROM (
        SELECT DISTINCT ON (d.person_id) d.person_id, d.kind, d.reason, d.previous FROM reminders_delivery d
        WHERE d.engagement_id = %(id)s AND d.person_id = ANY (%(people)s) AND d.kind = ANY (%(notices)s)
        ORDER BY d.person_id, d.id DESC) newest
    WHERE newest.kind = 'moved' AND newest.reason = %(reason)s AND newest.previous IS NOT NULL"""

_OPEN = """
    SELECT DISTINCT d.person_id FROM reminders_delivery d LEFT JOIN outbox_message m ON m.id = d.message_id
    WHERE d.engagement_id = %(id)s AND d.person_id = ANY (%(people)s) AND d.kind = ANY (%(notices)s)
      AND (d.state = 'planned' OR d.state = 'claimed' AND m.state = 'waiting')"""

KNOWN_OTHERWISE = [str(Reason.SILENT), str(Reason.SELF)]
"""Reasons not to send with which somebody still counts as notified: they know it in another way."""


def kind_for(last, change, *, is_added=False, is_removed=False):
    """The kind of notification that this ``change`` calls for after ``last`` (``LastNotified``), or None. Pure."""
    if last == LastNotified.UNKNOWN:
        last = LastNotified.NOTHING if is_added else LastNotified.OFF if change.is_on else LastNotified.ON
    if is_removed or change.is_off:
        off = Kind.REMOVED if is_removed else Kind.CANCELLED
        return off if last == LastNotified.ON else None
    if last == LastNotified.ON:
        return Kind.MOVED if change.is_moved else None
    return Kind.INVITATION


def notify_people(engagement, change, *, now=None):
    """Create the notifications of a ``change`` to an engagement.

    Once the engagement is over nobody is notified, and once it has begun nobody is invited.
    """
    now = now or timezone.now()
    row = Engagement.objects.only("status", "starts_at", "over_at", "revision", "title", "agreement", "series")
    row = row.get(pk=engagement.pk)
    if row.status == Engagement.Status.HELD or row.over_at <= now or (row.is_off and not change.is_off):
        return
    change = without_invitations(change) if row.starts_at <= now else change
    by_kind = kinds_by_person(row, change)
    for kind, people in sorted(by_kind.items()):
        write(row, kind, people, change, expires_at=row.over_at, occurrence=row.revision, now=now)


def without_invitations(change):
    """The same ``change`` to an engagement that has begun: people added to it are there, or know of it already."""
    return replace(change, added=frozenset(), uninvited=change.added)


def kinds_by_person(engagement, change):
    """{kind: ids of the people who get it}."""
    people = set(change.added) | set(change.removed)
    if change.concerns_all:
        people |= set(Participation.objects.filter(engagement=engagement).values_list("person_id", flat=True))
    people -= change.uninvited
    found = defaultdict(list)
    for person, last in last_notified(engagement, people).items():
        roles = {"is_added": person in change.added, "is_removed": person in change.removed}
        if kind := kind_for(last, change, **roles):
            found[kind].append(person)
    return found


def last_notified(engagement, people):
    """{id of a person: ``LastNotified``} for an engagement."""
    if not people:
        return {}
    rows = run(_LAST_NOTIFIED, id=engagement.pk, people=sorted(people), notices=notices(), chosen=KNOWN_OTHERWISE)
    return {person: _as_last_notified(kind, is_invited) for person, kind, is_invited in rows}


def _as_last_notified(kind, is_invited):
    """``kind`` is that of the newest notification. ``is_invited`` is None for a person who never had a notice."""
    if kind is None:
        return {None: LastNotified.UNKNOWN, True: LastNotified.NOTHING, False: LastNotified.ON}[is_invited]
    return LastNotified.OFF if kind in (Kind.CANCELLED, Kind.REMOVED) else LastNotified.ON


def people_to_notify_of_deletion(engagement, change):
    """The people to notify that an engagement is cancelled, before it is deleted; [] where it is held or over."""
    if engagement.status == Engagement.Status.HELD or engagement.over_at <= timezone.now():
        return []
    people = kinds_by_person(engagement, change)[Kind.CANCELLED]
    return list(Person.objects.filter(pk__in=people).order_by("pk"))


def notify_of_deletion(engagement, people, change):
    """Create the notifications that an engagement is cancelled, with their text, since it is about to be deleted."""
    now, gone = timezone.now(), as_cancelled(engagement)
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            agreement_id=engagement.agreement_id,
            kind=Kind.CANCELLED,
            is_gone=True,
            person=person,
            title=engagement.title,
            due_at=send_at(now, engagement.starts_at),
            expires_at=engagement.over_at,
            state_at=now,
            batch_id=change.batch_id,
            **initial_state(person.pk, change),
        )
        for person in people
    )
    note(lambda: [delivery.pk for delivery in deliveries])
    when = time_and_place(engagement)["when"]
    texts = [
        (delivery, notice(gone, WORDS[Kind.CANCELLED], delivery.person, is_gone=True))
        for delivery in deliveries
        if delivery.state == Delivery.State.PLANNED
    ]
    CancellationNotice.objects.bulk_create(
        CancellationNotice(
            delivery=delivery,
            subject=text.subject,
            plain=text.plain,
            html=text.html,
            calendar=text.calendars[0].content,
            when=when,
        )
        for delivery, text in texts
    )


def write(engagement, kind, people, change, *, expires_at, occurrence, now):
    """Create the deliveries of one kind, and supersede those that waited for the same people.

    The person who made the change is not notified, and nobody is without ``change.notify``: then waiting deliveries
    stay, since their emails will say what is true when they are sent. The email about an engagement that was moved
    twice before it was sent says where it was before the first move.
    """
    known, times, batch_ids = {}, {}, {}
    if change.notify:
        made_way = run(
            _SUPERSEDE, id=engagement.pk, people=people, notices=notices(), reason=str(Reason.NEWER), now=now
        )
        known = {row[0]: json.loads(row[2]) for row in made_way if row[1] == Kind.MOVED and row[2]}
        times, batch_ids = _joined(engagement, people, change, made_way, now)
        if kind == Kind.MOVED:
            undone = run(_WAS, id=engagement.pk, people=people, notices=notices(), reason=str(Reason.UNDONE))
            known = {person: json.loads(was) for person, was in undone} | known
    else:
        waiting = {row[0] for row in run(_OPEN, id=engagement.pk, people=people, notices=notices())}
        people = [person for person in people if person not in waiting]
    before = time_and_place(change.before) if kind == Kind.MOVED and change.before else None
    at = send_at(now, engagement.starts_at, change.before and change.before.starts_at)
    rows = [
        notice_row(
            engagement,
            kind,
            person,
            change,
            expires_at,
            occurrence=occurrence,
            now=now,
            at=min(at, times.get(person, at)),
            batch_id=batch_ids.get(person, change.batch_id),
            was=known.get(person, before),
        )
        for person in sorted(people)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    note(lambda: keys_of(rows))


def _joined(engagement, people, change, made_way, now):
    """({person: when}, {person: batch_id}) of their waiting notices about the same engagement, or the same series.

    New notices are sent with those, and so no later.
    """
    times = {person: due_at for person, _, _, due_at, _ in made_way}
    batch_ids = {person: batch_id for person, *_, batch_id in made_way if batch_id}
    if engagement.series_id is None:
        return times, batch_ids
    names = {"series": engagement.series_id, "notices": notices(), "now": now}
    for person, due_at, batch_id in run(_OF_SERIES, id=engagement.pk, people=people, **names):
        if batch_id or change.batch_id:
            times[person] = min(due_at, times.get(person, due_at))
            batch_ids[person] = batch_id or str(change.batch_id)
    new = [person for person, batch_id in batch_ids.items() if change.batch_id and batch_id == str(change.batch_id)]
    if new:
        run(_JOIN, people=new, batch_id=str(change.batch_id), **names)
    return times, batch_ids


def notice_row(engagement, kind, person, change, expires_at, *, occurrence, now, at=None, batch_id=None, was=None):
    """The delivery of a notice to a person (by id), not saved yet.

    ``at`` is when it is sent, by default now. Deliveries with the same ``batch_id`` share an email. ``was`` is when and
    where a moved engagement was.
    """
    return Delivery(
        agreement_id=engagement.agreement_id,
        kind=kind,
        engagement=engagement,
        person_id=person,
        title=engagement.title,
        occurrence=occurrence,
        due_at=at or now,
        expires_at=expires_at,
        state_at=now,
        batch_id=batch_id,
        previous=was if kind == Kind.MOVED else None,
        **initial_state(person, change),
    )


def initial_state(person, change):
    """The fields for state and reason of a new notice to a person (by id)."""
    if change.by is not None and person == change.by.pk:
        return {"state": Delivery.State.SKIPPED, "reason": Reason.SELF}
    if not change.notify:
        return {"state": Delivery.State.SKIPPED, "reason": Reason.SILENT}
    return {"state": Delivery.State.PLANNED}


@verb(past="sent")
def send_record(engagement, *, by) -> int:
    """Send the record to ``readers_of_record``, except ``by``, once for each version. Returns how many are sent.

    Raises NotPossibleError where it is not recorded as held.
    """
    if engagement.status != Engagement.Status.HELD:
        raise NotPossibleError("It is not recorded as held, so there is no record of it to send.")
    change, now = EngagementChange(by=me(by, engagement.agreement)), timezone.now()
    rows = [
        notice_row(
            engagement,
            Kind.RECORD,
            place.person_id,
            change,
            now + RECORD_WITHIN,
            occurrence=engagement.revision,
            now=now,
        )
        for place in readers_of_record(engagement).exclude(person=change.by)
    ]
    before = Delivery.objects.filter(engagement=engagement, kind=Kind.RECORD).count()
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    call_once()
    return Delivery.objects.filter(engagement=engagement, kind=Kind.RECORD).count() - before


def readers_of_record(engagement):
    """The participations of people who came; if nobody's attendance is recorded, of those who did not decline."""
    places = Participation.objects.filter(engagement=engagement)
    taken = places.exclude(attendance="")
    if taken.exists():
        return taken.filter(attendance=Participation.Attendance.CAME)
    return places.exclude(reply=Participation.Reply.DECLINED)


def notify_owners(actions, change, *, now=None):
    """Create the notifications of new actions to the people who own them; none for actions that are done already."""
    now = now or timezone.now()
    there = Delivery.objects.filter(action__in=actions, kind=Kind.ACTION).order_by()
    given = dict(there.values_list("action").annotate(number=Count("pk")))
    rows = Delivery.objects.bulk_create(
        Delivery(
            agreement_id=action.agreement_id,
            kind=Kind.ACTION,
            action=action,
            person_id=action.owner_person_id,
            title=action.title,
            occurrence=given.get(action.pk, 0) + 1,
            due_at=send_at(now),
            expires_at=now + RECORD_WITHIN,
            state_at=now,
            **initial_state(action.owner_person_id, change),
        )
        for action in actions
        if not action.done_on
    )
    note(lambda: [row.pk for row in rows])

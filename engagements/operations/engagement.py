"""Operations on an engagement and its people: log, change, confirm, record as held, cancel, reinstate, delete."""

from copy import copy

from django.db import transaction
from django.utils import timezone

from contacts.models import Person
from engagements.changes import PLACE_FIELDS, EngagementChange
from engagements.models import Engagement, Participation, Series
from engagements.models.participation import REPLY_FIELDS
from engagements.operations.deletion import check_deletable
from engagements.operations.merging import merge_engagement, refuse_overtaken
from engagements.operations.related_rows import (
    add_missing,
    add_seat_holders,
    move_replies,
    save_actions,
    set_decisions,
    set_links,
    set_people,
)
from engagements.operations.seat_changes import move_seat_holders
from engagements.signals import actions_given, engagement_deleting, engagement_saved
from records.locks import lock, lock_with_whole
from records.one_time_key import save_once
from records.verbs import verb

TIME_FIELDS = ("starts_on", "start_time", "ends_on", "end_time", "time_zone")
"""A change of these is a move: the schedule gets a new version, with new reminders."""

CALENDAR_FIELDS = (*TIME_FIELDS, "title", "kind", "status", "mode", "venue", "joining_link")
"""A change of these, which calendar files hold, raises SEQUENCE: calendars then ask people again."""


class NotPossibleError(Exception):
    """The state of the record rules the operation out; the message says why, for people to read."""


def me(by, agreement):
    """The person of the acting user in the agreement's address book, or None."""
    return Person.objects.for_user(by, agreement) if by else None


def status_for(engagement, now, *, took_place=False):
    """Held for an engagement that is over at ``now``, else planned.

    Without a time, one of today is over once people say that it ``took_place``.
    """
    is_today = engagement.starts_on == engagement.last_day == timezone.localdate(now)
    is_of_today = is_today and engagement.start_time is None
    is_held = engagement.is_over_by(now) or (took_place and is_of_today)
    return Engagement.Status.HELD if is_held else Engagement.Status.PLANNED


def refuse_skipped_times(engagement):
    """NotPossibleError where the clocks skip the time at which it would start or end."""
    for sentence in engagement.skipped_times().values():
        raise NotPossibleError(sentence)


def lies_past(engagement, now=None, *, took_place=False):
    """Whether it was held, or is over: saving its record then emails nobody unless the user asks for it."""
    held = Engagement.Status.HELD
    return held in (engagement.status, status_for(engagement, now or timezone.now(), took_place=took_place))


@verb(past="logged")
def log_engagement(
    engagement,
    *,
    hosts=(),
    workstreams=(),
    people=(),
    decisions=(),
    actions=(),
    took_place=False,
    notify=True,
    batch_id=None,
    by,
):
    """Save a new engagement with its hosts, workstreams, people, decisions (texts) and actions. Returns the engagement.

    Without a status it is held or planned, by its date; ``took_place`` says that one of today without a time is over.
    Without hosts, the party of the person who logs it hosts. The holders of a committee's seats take part in its
    meetings. Sent twice with one ``form_key``, the first is returned. People invited and owners of actions are notified
    unless ``notify`` is false, in one email with other changes that have the same ``batch_id``. NotPossibleError for a
    time that the clocks skip.
    """
    refuse_skipped_times(engagement)
    person = me(by, engagement.agreement)
    engagement.status = engagement.status or status_for(engagement, timezone.now(), took_place=took_place)
    engagement.recorded_on = timezone.localdate() if engagement.status == Engagement.Status.HELD else None
    engagement.logged_by = engagement.updated_by = person
    engagement, is_new = save_once(engagement)
    if not is_new:
        return engagement
    if not hosts and person and person.organisation and person.organisation.party_id:
        hosts = [person.organisation]
    set_links(engagement, hosts=hosts, workstreams=workstreams)
    added = add_missing(engagement, people) | add_seat_holders(engagement)
    set_decisions(engagement, decisions)
    given = save_actions(engagement, actions, by=by)
    _send_change(
        engagement, EngagementChange(by=person, notify=notify, added=frozenset(added), batch_id=batch_id), given
    )
    return engagement


@verb(past="changed")
def change_engagement(
    engagement,
    *,
    hosts=None,
    workstreams=None,
    people=None,
    decisions=None,
    actions=(),
    removed_actions=(),
    notify=True,
    batch_id=None,
    seen=None,
    by,
):
    """Save an engagement whose fields were changed in memory, and the lists that are given. Returns the engagement.

    ``seen``: see ``merge``, and its ConflictError. A list that is None stays unchanged; people who stay keep their
    role, reply and attendance. ``actions`` are new ones and those changed in memory. A new committee brings the holders
    of its seats. A meeting moved past a handover has the holders of the new day. People concerned are notified unless
    ``notify`` is false, in one email for changes with the same ``batch_id``. NotPossibleError for a new time that the
    clocks skip.
    """
    current = lock(Engagement, engagement.pk)
    if seen:
        lists = {"hosts": hosts, "workstreams": workstreams, "people": people, "decisions": decisions}
        lists, actions, removed_actions = merge_engagement(engagement, seen, current, lists, actions, removed_actions)
        hosts, workstreams, people, decisions = lists.values()
    if _differs(engagement, current, TIME_FIELDS):
        refuse_skipped_times(engagement)
    _raise_counters(engagement, current, hosts)
    _note_held(engagement, current)
    engagement.updated_by, engagement.updated_at = me(by, engagement.agreement), timezone.now()
    engagement.save()
    engagement.refresh_from_db(fields=["starts_at", "ends_at", "over_at"])
    if _differs(engagement, current, TIME_FIELDS):
        move_replies(engagement, current)
    set_links(engagement, hosts=hosts, workstreams=workstreams)
    added, removed = set_people(engagement, people) if people is not None else (set(), set())
    seated, left = _follow_seats(engagement, current)
    added, removed = added | seated, removed | left
    if decisions is not None:
        set_decisions(engagement, decisions)
    given = save_actions(engagement, actions, removed_actions, by=by)
    # Somebody who was removed and is back because of their seat takes part as before.
    who = {"added": frozenset(added - removed), "removed": frozenset(removed - added), "by": engagement.updated_by}
    before = current if _differs(engagement, current, (*TIME_FIELDS, *PLACE_FIELDS)) else None
    change = EngagementChange(**who, notify=notify, batch_id=batch_id, is_moved=before is not None, before=before)
    _send_change(engagement, change, given)
    return engagement


def _follow_seats(engagement, current):
    """Add and remove holders of seats after a change of committee or day. Returns the ids (added, removed)."""
    if engagement.committee_id != current.committee_id:
        return add_seat_holders(engagement), set()
    if engagement.starts_on != current.starts_on:
        return move_seat_holders(engagement, current.starts_on)
    return set(), set()


@verb(past="confirmed")
def confirm_engagement(engagement, *, by):
    return _change_status(engagement, Engagement.Status.CONFIRMED, of=["planned"], by=by)


@verb(past="recorded")
def record_as_held(engagement, *, by):
    """Record that a planned or confirmed engagement took place. NotPossibleError before it has begun."""
    if engagement.starts_at > timezone.now():
        raise NotPossibleError("It has not begun yet, so it cannot have taken place.")
    return _change_status(engagement, Engagement.Status.HELD, of=["planned", "confirmed"], by=by)


@verb(past="cancelled")
def cancel_engagement(engagement, *, reason="", notify=True, batch_id=None, by):
    """Cancel it for ``reason`` (may be empty). People invited are notified unless ``notify`` is false."""
    off, open_states = Engagement.Status.CANCELLED, ["planned", "confirmed", "held"]
    change = EngagementChange(by=me(by, engagement.agreement), notify=notify, batch_id=batch_id, is_off=True)
    return _change_status(engagement, off, of=open_states, by=by, change=change, cancel_reason=reason)


@verb(past="reinstated")
def reinstate_engagement(engagement, *, notify=True, batch_id=None, by):
    """Reinstate it with a new version of its schedule: as planned or, in the past, as held.

    People who were notified that it is cancelled are notified again unless ``notify`` is false.
    """
    status = status_for(engagement, timezone.now())
    change = EngagementChange(by=me(by, engagement.agreement), notify=notify, batch_id=batch_id, is_on=True)
    return _change_status(engagement, status, of=["cancelled"], by=by, change=change, cancel_reason="", again=True)


@verb(past="deleted")
def delete_engagement(engagement, *, notify=True, batch_id=None, by):
    """Delete a record made by mistake, with its papers. Its actions stay, and so do the emails sent about it.

    InUseError once another party than that of ``by`` has worked on it. People who were notified of it are notified that
    it is cancelled, unless ``notify`` is false. Its series skips its date from now on, so that it is not made again.
    """
    engagement.series_id = lock_with_whole(Engagement, engagement.pk).series_id
    check_deletable(engagement, by)
    remove_engagement(engagement, notify=notify, batch_id=batch_id, by=by)


def remove_engagement(engagement, *, notify=True, batch_id=None, by):
    """Delete an engagement without a check: for ``delete_engagement``, and for a series whose dates move."""
    if engagement.series_id:
        _leave_out(engagement)
    change = EngagementChange(by=me(by, engagement.agreement), notify=notify, batch_id=batch_id, is_off=True)
    engagement_deleting.send(sender=Engagement, engagement=engagement, change=change)
    files = [document.file for document in engagement.documents.all()]
    engagement.actions.update(engagement=None, **({"from_chatham_house": True} if engagement.chatham_house else {}))
    engagement.delete()
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])


def _leave_out(engagement):
    series = lock(Series, engagement.series_id)
    series.skipped = sorted({*series.skipped, engagement.series_date})
    series.save(update_fields=["skipped"])


@verb(past="took")
def take_attendance(engagement, participations, *, removed=(), seen=None, notify=True, by):
    """Save role, reply and attendance of ``participations`` as changed in memory. Returns the engagement.

    ``removed`` are participations to delete; their people are notified unless ``notify`` is false. ``seen`` is {key of
    a participation: {field: value that its form showed}}. ConflictError where somebody else has changed the same of the
    same person since; its ``marks`` are the values they saved, in the same shape.
    """
    lock(Engagement, engagement.pk)
    refuse_overtaken(participations, seen or {})
    for row in participations:
        if row.reply and row.earlier_reply:
            row.earlier_reply, row.earlier_starts_at, row.earlier_ends_at = "", None, None
    Participation.objects.bulk_update(participations, ["role", "attendance", *REPLY_FIELDS])
    Participation.objects.filter(engagement=engagement, pk__in=[each.pk for each in removed]).delete()
    gone = frozenset(each.person_id for each in removed)
    return mark_changed(engagement, by, EngagementChange(by=me(by, engagement.agreement), notify=notify, removed=gone))


@verb(past="added")
def add_people(engagement, people, *, notify=True, by):
    """Add ``people`` to the engagement; anybody who takes part already stays unchanged. Returns the engagement.

    They are invited unless ``notify`` is false.
    """
    lock(Engagement, engagement.pk)
    added = frozenset(add_missing(engagement, people))
    return mark_changed(engagement, by, EngagementChange(by=me(by, engagement.agreement), notify=notify, added=added))


def mark_changed(engagement, by, change=None):
    """Note who last changed the record, and send ``engagement_saved``. Returns the engagement."""
    engagement.revision = lock(Engagement, engagement.pk).revision + 1
    engagement.updated_by, engagement.updated_at = me(by, engagement.agreement), timezone.now()
    engagement.save(update_fields=["revision", "updated_by", "updated_at"])
    engagement_saved.send(sender=Engagement, engagement=engagement, change=change)
    return engagement


def _send_change(engagement, change, given):
    """Send the signals of an engagement that was saved, and of the actions ``given`` to people with it."""
    engagement_saved.send(sender=Engagement, engagement=engagement, change=change)
    if given:
        actions_given.send(sender=Engagement, actions=given, change=change)


def _change_status(engagement, status, *, of, by, change=None, again=False, **fields):
    """Lock the row and change its status from one of ``of``. NotPossibleError from any other.

    ``again`` starts a new version of the schedule. ``fields`` are saved with the status. Returns the engagement.
    """
    engagement = lock(Engagement, engagement.pk)
    if engagement.status not in of:
        raise NotPossibleError(f"This engagement is {engagement.get_status_display().lower()} already.")
    before, engagement.status = copy(engagement), status
    _note_held(engagement, before)
    for name, value in fields.items():
        setattr(engagement, name, value)
    engagement.schedule_version += again
    engagement.sequence += 1
    engagement.save(update_fields=["status", "recorded_on", "schedule_version", "sequence", *fields])
    return mark_changed(engagement, by, change)


def _raise_counters(engagement, current, hosts):
    """Set revision, series, sequence and schedule version from the stored row and from the differences to it.

    ``hosts`` are the new hosts, or None where they stay: calendar entries name them.
    """
    back_on = current.is_off and not engagement.is_off
    engagement.revision = current.revision + 1
    # Its place in a series changes with the series alone, also while its form is open.
    engagement.series_id, engagement.series_date = current.series_id, current.series_date
    has_other_hosts = hosts is not None and {host.pk for host in hosts} != set(
        current.hosts.values_list("pk", flat=True)
    )
    engagement.sequence = current.sequence + (has_other_hosts or _differs(engagement, current, CALENDAR_FIELDS))
    engagement.schedule_version = current.schedule_version + (_differs(engagement, current, TIME_FIELDS) or back_on)


def _note_held(engagement, before):
    """Set the day on which it was recorded as held, given its row ``before``."""
    held = Engagement.Status.HELD
    if engagement.status != held:
        engagement.recorded_on = None
    elif before.status != held:
        engagement.recorded_on = timezone.localdate()
    else:
        engagement.recorded_on = before.recorded_on


def _differs(engagement, current, names):
    return any(getattr(engagement, name) != getattr(current, name) for name in names)

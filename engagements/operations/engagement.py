"""Verbs of an engagement: log, change, confirm, hold, cancel, reinstate, delete."""

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
"""A change of these is a move: a new version of its schedule, of which people are reminded anew."""

CALENDAR_FIELDS = (*TIME_FIELDS, "title", "kind", "status", "mode", "venue", "joining_link")
"""A change of these, which calendar files hold, is a new SEQUENCE: calendars ask people anew."""


class NotPossibleError(Exception):
    """The verb does not fit the state of the engagement; the message says why, for people to read."""


def me(by, agreement):
    """The person in the address book that the acting user is, or None."""
    return Person.objects.for_user(by, agreement) if by else None


def status_for(engagement, now, *, took_place=False):
    """Held once it is over, else planned. Without a time, on its day, it is over once people say it ``took_place``."""
    is_today = engagement.starts_on == engagement.last_day == timezone.localdate(now)
    is_of_today = is_today and engagement.start_time is None
    is_held = engagement.is_over_by(now) or (took_place and is_of_today)
    return Engagement.Status.HELD if is_held else Engagement.Status.PLANNED


def refuse_skipped_times(engagement):
    """NotPossibleError where it would start or end at a time that the clocks skip on its day."""
    for sentence in engagement.skipped_times().values():
        raise NotPossibleError(sentence)


def lies_past(engagement, now=None, *, took_place=False):
    """Whether it was held, or is over: saving its record emails nobody unless that is asked for."""
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

    Without a status it is held or planned by its date; ``took_place`` says that it is over, of one of today without a
    time. Without hosts, the logger's own party hosts. The holders of a committee's seats take part in its meetings.
    Sent twice with one ``form_key``, the first is returned. Whoever is invited, or owns an action, is told, unless
    ``notify`` is false; together with what else has the same ``batch_id``. NotPossibleError for a time that the clocks
    skip.
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

    ``seen``: see ``merge``, and its ConflictError. A list that is None stays as it is; participations of people who
    stay keep their role, reply and attendance. ``actions`` are new ones and those changed in memory. A committee that
    it did not have before brings the holders of its seats; moved past a handover, it has those who hold a seat on its
    new day. Those concerned are notified unless ``notify`` is false, in one email for changes with one ``batch_id``.
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
    # Who was taken off and is back by their seat takes part as before.
    who = {"added": frozenset(added - removed), "removed": frozenset(removed - added), "by": engagement.updated_by}
    before = current if _differs(engagement, current, (*TIME_FIELDS, *PLACE_FIELDS)) else None
    change = EngagementChange(**who, notify=notify, batch_id=batch_id, is_moved=before is not None, before=before)
    _send_change(engagement, change, given)
    return engagement


def _follow_seats(engagement, current):
    """Have those who hold a seat take part, of another committee or on another day. Returns who came, and who left."""
    if engagement.committee_id != current.committee_id:
        return add_seat_holders(engagement), set()
    if engagement.starts_on != current.starts_on:
        return move_seat_holders(engagement, current.starts_on)
    return set(), set()


@verb(past="confirmed")
def confirm_engagement(engagement, *, by):
    """A planned engagement is certain now."""
    return _change_status(engagement, Engagement.Status.CONFIRMED, of=["planned"], by=by)


@verb(past="recorded")
def record_as_held(engagement, *, by):
    """It took place. NotPossibleError before it has begun."""
    if engagement.starts_at > timezone.now():
        raise NotPossibleError("It has not begun yet, so it cannot have taken place.")
    return _change_status(engagement, Engagement.Status.HELD, of=["planned", "confirmed"], by=by)


@verb(past="cancelled")
def cancel_engagement(engagement, *, reason="", notify=True, batch_id=None, by):
    """It does not take place, for ``reason`` (may be empty). Those invited are told, unless ``notify`` is false."""
    off, open_states = Engagement.Status.CANCELLED, ["planned", "confirmed", "held"]
    change = EngagementChange(by=me(by, engagement.agreement), notify=notify, batch_id=batch_id, is_off=True)
    return _change_status(engagement, off, of=open_states, by=by, change=change, cancel_reason=reason)


@verb(past="reinstated")
def reinstate_engagement(engagement, *, notify=True, batch_id=None, by):
    """It takes place after all: a new version of its schedule, planned or, in the past, held.

    Those who were told that it is off are told, unless ``notify`` is false.
    """
    status = status_for(engagement, timezone.now())
    change = EngagementChange(by=me(by, engagement.agreement), notify=notify, batch_id=batch_id, is_on=True)
    return _change_status(engagement, status, of=["cancelled"], by=by, change=change, cancel_reason="", again=True)


@verb(past="deleted")
def delete_engagement(engagement, *, notify=True, batch_id=None, by):
    """Delete a record made by mistake, with its papers. Its actions stay, without it; so does what was sent of it.

    InUseError, once another party than that of ``by`` has a part in it. Whoever was told of it is told that it is off,
    unless ``notify`` is false. A series leaves its date out from now on, so that it is not made again.
    """
    engagement.series_id = lock_with_whole(Engagement, engagement.pk).series_id
    check_deletable(engagement, by)
    remove_engagement(engagement, notify=notify, batch_id=batch_id, by=by)


def remove_engagement(engagement, *, notify=True, batch_id=None, by):
    """Delete an engagement, whoever has a part in it: for ``delete_engagement``, and for a series whose dates move."""
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
    """Save role, reply and attendance of ``participations`` as changed in memory; those ``removed`` take part no more,
    and are told, unless ``notify`` is false. Returns the engagement.

    ``seen`` is {key of a participation: {field: what its form showed}}. ConflictError where somebody else has changed
    the same of the same person since; its ``marks`` are what they saved, in the same way.
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
    """Have ``people`` take part too; who does already stays as they are. Returns the engagement.

    They are invited, unless ``notify`` is false.
    """
    lock(Engagement, engagement.pk)
    added = frozenset(add_missing(engagement, people))
    return mark_changed(engagement, by, EngagementChange(by=me(by, engagement.agreement), notify=notify, added=added))


def mark_changed(engagement, by, change=None):
    """Note who last changed the record, and tell the rooms above."""
    engagement.revision = lock(Engagement, engagement.pk).revision + 1
    engagement.updated_by, engagement.updated_at = me(by, engagement.agreement), timezone.now()
    engagement.save(update_fields=["revision", "updated_by", "updated_at"])
    engagement_saved.send(sender=Engagement, engagement=engagement, change=change)
    return engagement


def _send_change(engagement, change, given):
    """Tell the rooms above of an engagement that was saved, and of the actions ``given`` to people with it."""
    engagement_saved.send(sender=Engagement, engagement=engagement, change=change)
    if given:
        actions_given.send(sender=Engagement, actions=given, change=change)


def _change_status(engagement, status, *, of, by, change=None, again=False, **fields):
    """Move a locked row from one of the states ``of`` to ``status``; NotPossibleError from any other."""
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
    """Set revision, place in a series, sequence and schedule version from the stored row and from what differs.

    ``hosts`` are those that it is to have, None where they stay: calendar entries name them.
    """
    back_on = current.is_off and not engagement.is_off
    engagement.revision = current.revision + 1
    # Which of its series it is changes with the series, whoever has its form open.
    engagement.series_id, engagement.series_date = current.series_id, current.series_date
    has_other_hosts = hosts is not None and {host.pk for host in hosts} != set(
        current.hosts.values_list("pk", flat=True)
    )
    engagement.sequence = current.sequence + (has_other_hosts or _differs(engagement, current, CALENDAR_FIELDS))
    engagement.schedule_version = current.schedule_version + (_differs(engagement, current, TIME_FIELDS) or back_on)


def _note_held(engagement, before):
    """Set the day on which it was recorded as held, from what its row was ``before``."""
    held = Engagement.Status.HELD
    if engagement.status != held:
        engagement.recorded_on = None
    elif before.status != held:
        engagement.recorded_on = timezone.localdate()
    else:
        engagement.recorded_on = before.recorded_on


def _differs(engagement, current, names):
    """Whether any of these fields differs."""
    return any(getattr(engagement, name) != getattr(current, name) for name in names)

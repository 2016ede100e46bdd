"""Operations on committees and seats."""

from collections import defaultdict
from dataclasses import replace
from uuid import uuid4

from engagements.changes import EngagementChange
from engagements.models import Committee, Engagement
from engagements.operations.deletion import check_deletable
from engagements.operations.engagement import mark_changed, me
from engagements.operations.seat_changes import meeting_changes, put_on_meeting
from records.deletion import delete_unless_used
from records.edit_conflicts import merge
from records.locks import lock
from records.one_time_key import save_once
from records.verbs import verb

SEAT_FIELDS = ["role", "organisation", "holder", "deputy", "starts_on", "ends_on"]
"""The fields of a seat that people edit."""


@verb
def save_committee(committee, *, seen=None, by):
    """Save a new or changed committee; a new one sent twice with one ``form_key`` is saved once. Returns it.

    ``seen``: see ``merge``, and its ConflictError.
    """
    merge(committee, seen)
    return _save(committee, ["name", "host", "purpose", "how_often", "papers_days", "web_page"])


@verb(past="deleted")
def delete_committee(committee, *, by):
    """Delete a committee entered by mistake, with its seats.

    InUseError once it has a meeting, or another party has worked on it.
    """
    check_deletable(committee, by)
    delete_unless_used(committee, f"{committee} cannot be deleted: there are meetings of it.")


@verb
def save_seat(seat, *, update_meetings=True, notify=True, seen=None, by):
    """Save a new or changed seat. The planned meetings follow unless ``update_meetings`` is false.

    People added and removed are emailed unless ``notify`` is false. A new seat sent twice with one ``form_key`` is
    saved once. Returns the seat, with its ``meeting_changes``. ``seen``: see ``merge``, and its ConflictError.
    """
    lock(Committee, seat.committee_id)
    merge(seat, seen)
    [saved], changes = _change_seats(seat.committee, [seat], [], update_meetings, notify, by)
    saved.meeting_changes = changes
    return saved


@verb(past="deleted")
def delete_seat(seat, *, update_meetings=True, notify=True, by):
    """Delete a seat entered by mistake. Returns the changes of meetings, which follow as for ``save_seat``.

    For a seat that has ended, save a last day instead. InUseError once another party has changed it.
    """
    return _change_seats(seat.committee, [], [seat], update_meetings, notify, by)[1]


@verb(past="changed")
def change_seats(committee, saved, deleted, *, update_meetings=True, notify=True, by):
    """Save and delete several seats of a committee at once. Planned meetings follow as for ``save_seat``.

    Returns the changes of meetings.
    """
    return _change_seats(committee, saved, deleted, update_meetings, notify, by)[1]


def _change_seats(committee, saved, deleted, update_meetings, notify, by):
    """Save and delete seats while the committee is locked. Returns (the seats saved, the changes of meetings)."""
    lock(Committee, committee.pk)
    before = list(committee.seats.select_related("holder"))
    for seat in saved:
        seat.agreement_id = committee.agreement_id
    seats = [_save(seat, SEAT_FIELDS) for seat in saved]
    for seat in deleted:
        check_deletable(seat, by)
        seat.delete()
    return seats, _follow(committee, before, update_meetings, notify, by)


def _follow(committee, before, update_meetings, notify, by):
    if not update_meetings:
        return []
    changes = meeting_changes(committee, before, list(committee.seats.select_related("holder")))
    # One email for the dates of each series, whose link replies for all of them, and one for all other meetings.
    change, batch_ids = EngagementChange(by=me(by, committee.agreement), notify=notify), defaultdict(uuid4)
    # Other operations lock them in this order too.
    for of_meeting in sorted(changes, key=lambda of_meeting: of_meeting.meeting.pk):
        meeting = of_meeting.meeting
        lock(Engagement, meeting.pk)
        added, removed = put_on_meeting(meeting, of_meeting.added, of_meeting.removed)
        what = {"added": frozenset(added), "removed": frozenset(removed)}
        mark_changed(meeting, by, replace(change, batch_id=batch_ids[meeting.series_id], **what))
    return changes


def _save(row, fields):
    """Insert a new row once, or save ``fields`` of an existing one."""
    if row._state.adding:
        return save_once(row)[0]
    row.save(update_fields=fields)
    return row

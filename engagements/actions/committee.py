"""Verbs of committees and seats."""

from partnership.actions import delete_unless_used
from partnership.history import verb
from partnership.once import save_once


@verb
def save_committee(committee, *, by):
    """Save a new or changed committee; a new one sent twice with one ``form_key`` is saved once. Returns it."""
    return _save(committee, ["name", "host", "purpose", "how_often", "papers_days", "web_page"])


@verb
def delete_committee(committee, *, by):
    """Delete a committee entered by mistake, with its seats. InUseError once it has met."""
    delete_unless_used(committee, f"{committee} cannot be deleted: there are meetings of it.")


@verb
def save_seat(seat, *, by):
    """Save a new or changed seat; a new one sent twice with one ``form_key`` is saved once. Returns the seat."""
    seat.agreement_id = seat.committee.agreement_id
    return _save(seat, ["role", "organisation", "holder", "deputy", "starts_on", "ends_on"])


@verb
def delete_seat(seat, *, by):
    """Delete a seat entered by mistake; one that ended gets a last day instead."""
    seat.delete()


def _save(row, fields):
    """Insert a new row once, or save the fields that people edit."""
    if row._state.adding:
        return save_once(row)[0]
    row.save(update_fields=fields)
    return row

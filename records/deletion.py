"""Deleting a row unless others need it."""

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError


class InUseError(Exception):
    """A row cannot be deleted, since others need it; the message says so, for people to read."""


def delete_unless_used(row, sentence):
    """Delete ``row``; InUseError with ``sentence`` where rows that must stay point at it."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError) as error:
        raise InUseError(sentence) from error

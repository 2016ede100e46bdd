"""Deleting a row unless other rows need it."""

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError


class InUseError(Exception):
    """A row cannot be deleted, since others need it. The message is for people to read."""


def delete_unless_used(row, sentence):
    """Delete ``row``. InUseError with ``sentence`` where rows that must stay refer to it."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError) as error:
        raise InUseError(sentence) from error

"""Signed links by which the owner of an action updates it, which needs no account: how they are made and read."""

from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SIGNER = {"salt": "engagements.action", "sep": "."}


class LinkedAction(NamedTuple):
    """What a link says: which action, and which person it was sent to (keys)."""

    action: int
    person: int


def action_path(action, person):
    """The address, without the host, where a person updates the action that they own (keys)."""
    return reverse("action_update", args=[Signer(**SIGNER).sign_object([action, person])])


def action_link(action, person):
    """The whole address, for an email to that person alone."""
    return settings.SITE_URL + action_path(action, person)


def linked_action(signed) -> LinkedAction | None:
    """What a link says, or None where it is not one of ours, whole and unchanged."""
    try:
        return LinkedAction(*Signer(**SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None

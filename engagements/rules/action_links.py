"""Signed links by which the owner of an action updates it without an account: how they are made and read."""

from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SIGNER = {"salt": "engagements.action", "sep": "."}


class LinkedAction(NamedTuple):
    """The content of a link: the keys of the action and of the person to whom it was sent."""

    action: int
    person: int


def action_path(action, person):
    """Return the path of the page where a person updates the action that they own. Takes keys."""
    return reverse("action_update", args=[Signer(**SIGNER).sign_object([action, person])])


def action_link(action, person):
    """Return the whole URL, for an email to that person alone. Takes keys."""
    return settings.SITE_URL + action_path(action, person)


def linked_action(signed) -> LinkedAction | None:
    """Return the content of a link, or None where the link is incomplete, changed or not ours."""
    try:
        return LinkedAction(*Signer(**SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None

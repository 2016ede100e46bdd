"""Replying to an invitation by a signed link, which needs no account: how the link is made and read."""

from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from engagements.models import Participation

SIGNER = {"salt": "engagements.reply", "sep": "."}
SERIES_SIGNER = {"salt": "engagements.reply.series", "sep": "."}
ANSWERS = [choice for choice in Participation.Reply.choices if choice[0]]
"""What can be replied: pairs of a value and its words."""


class Linked(NamedTuple):
    """What a link says: whose place at which version of the engagement, and the answer that it offers."""

    participation: int
    version: int
    answer: str


class LinkedSeries(NamedTuple):
    """What a link for many dates says: who replies, for which series (keys), and the answer that it offers."""

    person: int
    series: int
    answer: str


def reply_path(participation, version, answer):
    """The address, without the host, where somebody replies; ``participation`` is the key of their place."""
    signed = Signer(**SIGNER).sign_object([participation, version, answer])
    return reverse("reply", args=[signed])


def reply_links(participation, version):
    """{answer: the whole address that offers it} for the mail to one person: "accepted", "tentative", "declined"."""
    return {answer: settings.SITE_URL + reply_path(participation, version, answer) for answer, _ in ANSWERS}


def series_links(person, series):
    """{answer: the whole address that offers it for all dates of a series} for the mail to one person (keys)."""
    return {answer: settings.SITE_URL + series_path(person, series, answer) for answer, _ in ANSWERS}


def series_path(person, series, answer):
    """The address, without the host, where a person replies for the dates of a series (keys)."""
    return reverse("reply_series", args=[Signer(**SERIES_SIGNER).sign_object([person, series, answer])])


def linked_series(signed) -> LinkedSeries | None:
    """What a link for a series says, or None where it is not one of ours, whole and unchanged."""
    try:
        return LinkedSeries(*Signer(**SERIES_SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None


def linked(signed) -> Linked | None:
    """What a link says, or None where it is not one of ours, whole and unchanged."""
    try:
        said = Linked(*Signer(**SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None
    return said

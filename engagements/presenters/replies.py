"""Signed links by which a person replies to an invitation without an account: how they are made and read."""

from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from engagements.models import Participation

SIGNER = {"salt": "engagements.reply", "sep": "."}
SERIES_SIGNER = {"salt": "engagements.reply.series", "sep": "."}
ANSWERS = [choice for choice in Participation.Reply.choices if choice[0]]
"""The possible replies: pairs of a value and its label."""


class Linked(NamedTuple):
    """The content of a link: the key of a participation, the version of its engagement, and the answer offered."""

    participation: int
    version: int
    answer: str


class LinkedSeries(NamedTuple):
    """The content of a link for many dates: the keys of the person and of the series, and the answer offered."""

    person: int
    series: int
    answer: str


def reply_path(participation, version, answer):
    """Return the path of the page where a person replies. ``participation`` is a key."""
    signed = Signer(**SIGNER).sign_object([participation, version, answer])
    return reverse("reply", args=[signed])


def reply_links(participation, version):
    """Return {answer: URL that offers it} for the email to one person: "accepted", "tentative", "declined"."""
    return {answer: settings.SITE_URL + reply_path(participation, version, answer) for answer, _ in ANSWERS}


def series_links(person, series):
    """Return {answer: URL that offers it for all dates of a series} for the email to one person. Takes keys."""
    return {answer: settings.SITE_URL + series_path(person, series, answer) for answer, _ in ANSWERS}


def series_path(person, series, answer):
    """Return the path of the page where a person replies for the dates of a series. Takes keys."""
    return reverse("reply_series", args=[Signer(**SERIES_SIGNER).sign_object([person, series, answer])])


def linked_series(signed) -> LinkedSeries | None:
    """Return the content of a link for a series, or None where the link is incomplete, changed or not ours."""
    try:
        return LinkedSeries(*Signer(**SERIES_SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None


def linked(signed) -> Linked | None:
    """Return the content of a link, or None where the link is incomplete, changed or not ours."""
    try:
        said = Linked(*Signer(**SIGNER).unsign_object(signed))
    except (BadSignature, ValueError, TypeError):
        return None
    return said

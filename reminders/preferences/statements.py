"""A person's choices in SQL: whether a delivery is sent to them, and how."""

from reminders.notification_types import all_types
from reminders.preferences.rules import AHEAD, DIGEST_AT
from reminders.preferences.topics import topic_of
from reminders.queries import Reason

CHOICE = "LEFT JOIN LATERAL (SELECT * FROM reminders_preference WHERE person_id = {person} OFFSET 0) c ON TRUE"
"""Joins the choices of a person (c) by their key."""

_RESUMES = f"timezone(%(zone)s, {{c}}.paused_until + time '{DIGEST_AT}')"


def how(kind, c="c"):
    """In SQL: how a person with the choices ``c`` wants to get notifications of this kind."""
    ways = " ".join(f"WHEN '{one.kind}' THEN {c}.{one.topic}" for one in all_types())
    return f"CASE {kind} {ways} ELSE 'on' END"


def refusal(kind, due_at, expires_at, by_hand="FALSE", c="c"):
    """In SQL: why a delivery of this kind and these times is not sent to a person with the choices ``c``, or ''.

    A delivery that a lead sends ``by_hand`` is sent in a pause too.
    """
    opted_out = " ".join(f"WHEN '{one.kind}' THEN '{topic_of(one.kind).opted_out}'" for one in all_types())
    return f"""
    CASE WHEN {c}.id IS NULL THEN ''
         WHEN {how(kind, c)} = 'off' THEN CASE {kind} {opted_out} ELSE '' END
         WHEN NOT {by_hand} AND {_RESUMES.format(c=c)}
              > GREATEST(%(now)s, {due_at}, {expires_at} - interval '{AHEAD.seconds} seconds')
         THEN '{Reason.PAUSED_UNTIL}' || to_char({c}.paused_until, 'FMDD FMMonth YYYY')
         ELSE '' END"""

"""What people are told at once of an engagement: that they are invited, that it was moved, that it is off."""

import json
from copy import copy
from dataclasses import dataclass

from django.template.loader import render_to_string

from engagements.calendar import Invitation
from engagements.models import Participation
from engagements.replies import ANSWERS, reply_links
from reminders.models import Delivery
from reminders.subjects.facts import differences, facts_of, role_in_words, start_of
from reminders.subjects.text import CalendarFile, Text

Kind = Delivery.Kind


@dataclass(frozen=True)
class Words:
    """What a kind of notice says: before the title in the subject, above the facts, why it came; whether it is on."""

    subject: str
    opening: str
    why: str
    is_on: bool = True


WORDS = {
    Kind.INVITATION: Words("Invitation", "You are invited.", "You are told because you were added to the people of"),
    Kind.MOVED: Words(
        "Moved", "Its date, time or place has changed. This is what holds now.", "You are told because you take part in"
    ),
    Kind.CANCELLED: Words(
        "Cancelled", "It does not take place.", "You are told because you were invited to", is_on=False
    ),
    Kind.REMOVED: Words(
        "No longer invited",
        "You are no longer on the list of those who take part.",
        "You are told because you were invited to",
        is_on=False,
    ),
}

ON_AGAIN = Words(
    "On again", "It had been cancelled, and takes place after all.", "You are told because you take part in"
)


def write(engagement, claimed, person) -> Text:
    """The notice to one person."""
    words = WORDS[claimed.kind]
    if claimed.kind == Kind.INVITATION and claimed.facts.get("again"):
        words = ON_AGAIN
    return notice(engagement, words, person, claimed.facts, has_account=claimed.has_account)


def notice(engagement, words, person, facts=None, *, has_account=False, is_gone=False) -> Text:
    """A notice in these words; ``facts`` are the person's place, role and reply. Of one that ``is_gone`` nothing leads
    anywhere.
    """
    facts = facts or {}
    subject = f"{words.subject}: {' '.join(engagement.title.split())}, {start_of(engagement)}"
    was = differences(json.loads(facts.get("was") or "null"), engagement)
    context = facts_of(engagement) | {
        "subject": subject,
        "words": words,
        "was": was,
        "role": role_in_words(facts.get("role")) if words.is_on else "",
        "replies": answers(engagement, facts) if words.is_on else [],
        "has_account": has_account,
        "is_gone": is_gone,
        "is_over_for_them": not words.is_on,
    }
    method = "REQUEST" if words.is_on else "CANCEL"
    return Text(
        subject=subject,
        plain=render_to_string("reminders/mail/notice.txt", context),
        html=render_to_string("reminders/mail/notice.html", context),
        calendars=(calendar_file(engagement, person, method, facts),),
        line=f"{words.subject}: {' '.join(engagement.title.split())}",
        detail=". ".join(filter(None, [context["when"], context["where"], was_in_words(was)])),
        links=tuple(context["replies"]),
    )


def was_in_words(was):
    """ "It was Tuesday 8 December 2026, from 14:00, online" of what ``differences`` gave; "" of nothing."""
    said = ", ".join(filter(None, [was.get("when"), was.get("where")]))
    return f"It was {said[:1].lower() + said[1:] if 'when' not in was else said}" if said else ""


def answers(engagement, facts):
    """The words and addresses by which the person replies; [] where they have no place any more."""
    if not facts.get("place"):
        return []
    links = reply_links(facts["place"], engagement.occurrence)
    return [(word, links[answer]) for answer, word in ANSWERS]


def calendar_file(engagement, person, method, facts, name="invite"):
    """The calendar file of a notice. It names nobody but ``person``."""
    role, reply = facts.get("role") or Participation.Role.PARTICIPANT, facts.get("reply") or ""
    content = Invitation(engagement, method).to(person.name, person.email, role=role, reply=reply).decode()
    return CalendarFile(content, method, name)


def as_cancelled(engagement):
    """A deleted engagement as calendars are to have it: called off, which is a change of what they know."""
    cancelled = copy(engagement)
    cancelled.status = engagement.Status.CANCELLED
    cancelled.sequence += 1
    return cancelled

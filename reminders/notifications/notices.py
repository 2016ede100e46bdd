"""Notices of an engagement: people are invited, it is moved or cancelled, or they are no longer invited."""

import json
from copy import copy
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from engagements.models import Participation
from engagements.presenters.calendar_files import Invitation
from engagements.presenters.replies import ANSWERS, reply_links
from outbox.content import CalendarFile, EmailContent
from reminders.notifications.engagement_facts import differences, facts_of, role_in_words, start_of


@dataclass(frozen=True)
class NoticeWords:
    """The words of a kind of notice.

    ``subject`` stands before the title in the subject, ``opening`` above the facts, and ``why`` says why the email
    came. ``is_on``: does the engagement take place, for this reader?
    """

    subject: str
    opening: str
    why: str
    is_on: bool = True


WORDS = {
    "invitation": NoticeWords(
        "Invitation", "You are invited to this meeting.", "You got this email because you were invited to"
    ),
    "moved": NoticeWords(
        "Moved", "The date, time or place of this meeting has changed.", "You got this email because you are invited to"
    ),
    "cancelled": NoticeWords(
        "Cancelled", "This meeting has been cancelled.", "You got this email because you were invited to", is_on=False
    ),
    "removed": NoticeWords(
        "No longer invited",
        "You are no longer invited to this meeting.",
        "You got this email because you were invited to",
        is_on=False,
    ),
}

ON_AGAIN = NoticeWords(
    "On again", "This meeting is going ahead after all.", "You got this email because you are invited to"
)


def write(engagement, person, claimed) -> EmailContent:
    words = WORDS[claimed.kind]
    if claimed.kind == "invitation" and claimed.facts.get("again"):
        words = ON_AGAIN
    if claimed.kind == "invitation" and words is not ON_AGAIN and claimed.contact:
        words = replace(words, opening=f"{claimed.contact.in_words} has invited you to this meeting.")
    return notice(engagement, words, person, claimed.facts, has_account=claimed.has_account)


def notice(engagement, words, person, facts=None, *, has_account=False, is_gone=False) -> EmailContent:
    """A notice in these words; ``facts`` are the person's place, role and reply.

    Where the engagement ``is_gone``, nothing links to its record.
    """
    facts = facts or {}
    subject = f"{words.subject}: {' '.join(engagement.title.split())}, {start_of(engagement)}"
    was = differences(json.loads(facts.get("was") or "null"), engagement)
    if was:
        words = replace(words, opening=changed_in_words(was))
    context = facts_of(engagement) | {
        "subject": subject,
        "words": words,
        "was": was,
        "role": role_in_words(facts.get("role")) if words.is_on else "",
        "replies": answers(engagement, facts) if words.is_on else [],
        "earlier": earlier_in_words(facts) if words.is_on else "",
        "has_account": has_account,
        "is_gone": is_gone,
        "is_over_for_them": not words.is_on,
    }
    method = "REQUEST" if words.is_on else "CANCEL"
    return EmailContent(
        subject=subject,
        plain=render_to_string("reminders/mail/notice.txt", context),
        html=render_to_string("reminders/mail/notice.html", context),
        calendars=(calendar_file(engagement, person, method, facts),),
        line=f"{words.subject}: {' '.join(engagement.title.split())}",
        detail=". ".join(filter(None, [context["when"], context["where"], was_in_words(was)])),
        links=tuple(context["replies"]),
    )


def earlier_in_words(facts):
    """A sentence with the person's reply to an earlier date, where they are asked again; "" where there is none."""
    word = {"accepted": "Coming", "tentative": "Maybe", "declined": "Not coming"}.get(facts.get("earlier"))
    return f"You replied “{word}” to the earlier date. Reply again for the new date." if word else ""


def changed_in_words(was):
    """ "The date or time and the place of this meeting have changed.", from a result of ``differences``."""
    names = {"when": "date or time", "where": "place", "join": "joining link"}
    changed = [f"the {name}" for key, name in names.items() if key in was]
    return f"{' and '.join(changed).capitalize()} of this meeting {'has' if len(changed) == 1 else 'have'} changed."


def was_in_words(was):
    """ "It was Tuesday 8 December 2026, from 14:00, online", from a result of ``differences``; "" if that is empty."""
    earlier = ", ".join(filter(None, [was.get("when"), was.get("where")]))
    return f"It was {earlier[:1].lower() + earlier[1:] if 'when' not in was else earlier}" if earlier else ""


def answers(engagement, facts):
    """Pairs of words and URL by which the person replies; [] where they no longer take part."""
    if not facts.get("place"):
        return []
    links = reply_links(facts["place"], engagement.schedule_version)
    return [(word, links[answer]) for answer, word in ANSWERS]


def calendar_file(engagement, person, method, facts, name="invite"):
    """The calendar file of a notice. It names nobody but ``person``."""
    role, reply = facts.get("role") or Participation.Role.PARTICIPANT, facts.get("reply") or ""
    content = Invitation(engagement, method).to(person.name, person.email, role=role, reply=reply).decode()
    return CalendarFile(content, method, name)


def as_cancelled(engagement):
    """A copy of a deleted engagement for calendars: cancelled, with the ``sequence`` of a later version."""
    cancelled = copy(engagement)
    cancelled.status = engagement.Status.CANCELLED
    cancelled.sequence += 1
    return cancelled

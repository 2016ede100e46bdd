"""What people are told at once of an engagement: that they are invited, that it was moved, that it is off."""

from copy import copy
from dataclasses import dataclass

from django.template.loader import render_to_string

from engagements.calendar import calendar_of
from reminders.models import Delivery
from reminders.subjects.facts import facts_of, role_in_words, start_of
from reminders.subjects.text import Text

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
    return notice(engagement, words, person, role=claimed.facts["role"], has_account=claimed.has_account)


def notice(engagement, words, person, *, role="", has_account=False, is_gone=False) -> Text:
    """A notice in these words. Of an engagement that ``is_gone`` nothing is linked to."""
    subject = f"{words.subject}: {' '.join(engagement.title.split())}, {start_of(engagement)}"
    context = facts_of(engagement) | {
        "subject": subject,
        "words": words,
        "role": role_in_words(role) if words.is_on else "",
        "has_account": has_account,
        "is_gone": is_gone,
        "is_over_for_them": not words.is_on,
    }
    method = "REQUEST" if words.is_on else "CANCEL"
    return Text(
        subject=subject,
        plain=render_to_string("reminders/mail/notice.txt", context),
        html=render_to_string("reminders/mail/notice.html", context),
        calendar=calendar_file(engagement, person, method),
        calendar_method=method,
    )


def calendar_file(engagement, person, method):
    """The calendar file of a notice: the one place where it is asked for. It names nobody but ``person``."""
    if method == "CANCEL" and not engagement.is_off:
        engagement = as_cancelled(engagement)
    return calendar_of([engagement], for_person=person, method=method).decode()


def as_cancelled(engagement):
    """The engagement as calendars are to have it of whom it is no longer for."""
    cancelled = copy(engagement)
    cancelled.status = engagement.Status.CANCELLED
    return cancelled

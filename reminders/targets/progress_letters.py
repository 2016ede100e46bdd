"""What mails say of how the agreement goes: that a commitment slips or is late, that something has gone quiet."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string

from commitments.rules.rhythm import State
from outbox.content import EmailContent
from pages.words import date_in_words
from reminders.notifications.rule_words import one_line, worded

SAID = {
    State.SLIPPING: "This commitment is slipping: {why}.",
    State.LATE: "This commitment is late: {why}.",
}


def rhythm_text(commitment, step, claimed) -> EmailContent:
    """That a commitment slips or is late, with the reason as the dashboard says it."""
    state, why = claimed.facts["state"], claimed.facts["why"]
    link = settings.SITE_URL + commitment.get_absolute_url()
    named = {
        "title": commitment.title,
        "state": state,
        "why": why,
        "agreement": str(commitment.agreement),
        "record": link,
    }
    words = worded(step, named, f"{state.capitalize()}: {one_line(commitment.title)}") | {
        "title": commitment.title,
        "said": SAID[state].format(why=why),
        "facts": [("Promised", commitment.measure_in_words), *_last(claimed.facts)],
        "advice": "Plan what is missing, or say in Concord what was held for it.",
        "open": "Open the commitment",
        "link": link,
        "agreement": commitment.agreement,
    }
    return _text(words, f"{state.capitalize()}: {why}")


def quiet_text(row, step, claimed, *, opens) -> EmailContent:
    """That nothing has been held for ``row``, a commitment or a workstream, for long; ``opens`` names its page."""
    since, has_any = dt.date.fromisoformat(claimed.facts["since"]), claimed.facts["last_on"] is not None
    link, day = settings.SITE_URL + row.get_absolute_url(), date_in_words(since)
    named = {"title": str(row), "since": day, "agreement": str(row.agreement), "record": link}
    title = one_line(str(row))
    words = worded(step, named, f"Nothing held since {day}: {title}") | {
        "title": str(row),
        "said": quiet_in_words(title, since, has_any=has_any),
        "facts": [],
        "advice": "Plan something, or log what was held and is not in Concord yet.",
        "open": opens,
        "link": link,
        "agreement": row.agreement,
    }
    return _text(words, f"Nothing held since {day}")


def quiet_in_words(title, since, *, has_any):
    """ "Nothing has been held for Cyber since 3 March 2026." """
    day = date_in_words(since)
    if has_any:
        return f"Nothing has been held for {title} since {day}."
    return f"Nothing has been held for {title} yet, and it could have been since {day}."


def _last(facts):
    if facts["last_on"] is None:
        return [("Held last", "nothing yet")]
    return [("Held last", date_in_words(dt.date.fromisoformat(facts["last_on"])))]


def _text(words, detail):
    return EmailContent(
        subject=words["subject"],
        plain=render_to_string("reminders/mail/progress.txt", words),
        html=render_to_string("reminders/mail/progress.html", words),
        line=one_line(words["title"]),
        detail=detail,
        links=((words["open"], words["link"]),),
    )

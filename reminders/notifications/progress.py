"""Emails about progress: what those about a commitment and about a workstream share."""

import datetime as dt

from pages.words import date_in_words
from reminders.notifications.rule_words import one_line, rendered


def email_of(words, detail):
    """The email with these ``words`` as context; ``detail`` is part of its line in a digest."""
    return rendered(
        "progress", words, line=one_line(words["title"]), detail=detail, links=[(words["open"], words["link"])]
    )


def held_last(facts):
    """When something was last held, as a row of the email: [(label, day)]."""
    if facts["last_on"] is None:
        return [("Held last", "nothing yet")]
    return [("Held last", date_in_words(dt.date.fromisoformat(facts["last_on"])))]

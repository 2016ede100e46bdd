"""How the agreement goes: what emails say of a commitment or a workstream."""

import datetime as dt

from pages.words import date_in_words
from reminders.notifications.rule_words import one_line, rendered


def email_of(words, detail):
    """The email in these words; ``detail`` is what a line in a digest says of it."""
    return rendered(
        "progress", words, line=one_line(words["title"]), detail=detail, links=[(words["open"], words["link"])]
    )


def held_last(facts):
    """When something was held last, as the email lists it."""
    if facts["last_on"] is None:
        return [("Held last", "nothing yet")]
    return [("Held last", date_in_words(dt.date.fromisoformat(facts["last_on"])))]

"""Words in the rows of the list of engagements. Each function takes an engagement as the list reads it; no queries."""

from engagements.rules.words import state_of
from pages.words import day_in_words


def record_state(engagement):
    """Return (state of a chip, word): the status, or that the record is incomplete."""
    if engagement.lacks_outcomes or engagement.lacks_attendance:
        return "warn", "Record incomplete"
    return state_of(engagement)


def came_in_words(engagement):
    """The number who came ("14"), accepted ("13 coming") or are invited ("21 invited"); "–" where nothing is known."""
    if engagement.status == engagement.Status.HELD:
        return f"{engagement.head_count or engagement.came_count or '–'}"
    if engagement.is_off or not engagement.invited_count:
        return "–"
    coming = engagement.coming_count
    return f"{coming} coming" if coming else f"{engagement.invited_count} invited"


def days_of_row(engagement, today):
    """ "23 November", or "30 November to 1 December"; with the year where it is not that of ``today``."""
    first = day_in_words(engagement.starts_on, today)
    if engagement.last_day == engagement.starts_on:
        return first
    return f"{first} to {day_in_words(engagement.last_day, today)}"

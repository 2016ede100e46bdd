"""What a row of the list of engagements says. Pure: an engagement as the list reads it in, words out."""

from engagements.rules.words import state_of
from pages.words import day_in_words


def record_state(engagement):
    """(state of a chip, word): where it is on its way, or that its record is incomplete."""
    if engagement.lacks_outcomes or engagement.lacks_attendance:
        return "warn", "Record incomplete"
    return state_of(engagement)


def came_in_words(engagement):
    """How many came ("14"), say that they come ("13 coming") or were asked ("21 invited"); "–" if nobody knows."""
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

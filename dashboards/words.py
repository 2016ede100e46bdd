"""The words for a row in the lists of the dashboard. Pure: rows in, words out."""

from django.utils.text import get_text_list

from engagements.presenters.checklist import lacking_before
from engagements.rules.words import place_in_words, times_in_words
from pages.words import weekday_in_words


def how_it_is_held(engagement):
    """ "until Friday 27 November 2026, 10:00 to 12:00, Smith Square and online · LGA hosts". Needs ``host_names``."""
    until = f"until {weekday_in_words(engagement.ends_on)}" if engagement.last_day > engagement.starts_on else ""
    where = ", ".join(filter(None, [until, times_in_words(engagement), place_in_words(engagement)]))
    hosts = engagement.host_names
    host = f"{get_text_list(hosts, 'and')} host{'s' if len(hosts) == 1 else ''}" if hosts else ""
    return " · ".join(filter(None, [where, host]))


def what_it_was(engagement):
    """ "Roundtable · 14 came", "Roundtable". Needs ``came_count``."""
    came = engagement.head_count or engagement.came_count
    return f"{engagement.get_kind_display()} · {came:,} came" if came else engagement.get_kind_display()


def papers_due(engagement):
    """ "Papers due Monday 23 November 2026"; "" where no day is set. Needs its ``committee``."""
    day = engagement.papers_due_on
    return f"Papers due {weekday_in_words(day)}" if day else ""


def replies(engagement):
    """ "12 invited, 9 replied", or "" where nobody is invited. Needs ``invited_count`` and ``replied_count``."""
    if not engagement.invited_count:
        return ""
    replied = f"{engagement.replied_count:,}" if engagement.replied_count else "none"
    return f"{engagement.invited_count:,} invited, {replied} replied"


def missing_before(engagement):
    """ "Not confirmed, no venue, no host yet": what is missing from the record of a coming engagement, or ""."""
    lacking = [text.removesuffix(" yet") for text in lacking_before(engagement)]
    words = ", ".join(text[:1].lower() + text[1:] for text in lacking)
    return f"{words[:1].upper()}{words[1:]} yet" if words else ""


def missing_after(engagement):
    """The missing parts of a record of an engagement that should be over, in words. Needs ``with_record_state``."""
    needs = [
        ("no outcomes yet", engagement.lacks_outcomes),
        ("no attendance yet", engagement.lacks_attendance),
    ]
    return [words for words, is_missing in needs if is_missing]

"""The lines at the top of the dashboard about dates of the agreement that are near or have passed. Pure."""

from dataclasses import dataclass

from dashboards.widgets.agreement_progress import in_days
from pages.words import date_in_words
from partnership.models import AgreementDate, Certainty

Kind = AgreementDate.Kind

SEEN_AHEAD = 90
"""How many days before a date there is a line about it."""

NEAR = 7
"""From how many days before the date the line is a warning."""

WORDS = {
    Kind.REVIEW: ("The agreement is to be reviewed", "The review of the agreement was due"),
    Kind.NOTICE: ("The last day for notice is", "The last day for notice was"),
    Kind.END: ("The agreement ends", "The agreement ended"),
}
"""{kind of a date: (words before it, words after it)}."""


@dataclass(frozen=True)
class DateAlert:
    """One line: how much it matters ("quiet", "warn"), and a sentence."""

    state: str
    text: str


def alerts_of(agreement, today) -> list[DateAlert]:
    """The flags of the dates of ``agreement``, warnings first.

    They stay until the date is changed or the agreement's status is ended: nobody can dismiss them.
    """
    if agreement.has_ended:
        return []
    dates = [date for date in agreement.dates.all() if date.kind in WORDS and (date.on - today).days <= SEEN_AHEAD]
    flags = [alert_of(date, today) for date in sorted(dates, key=lambda date: date.on)]
    return sorted(flags, key=lambda flag: flag.state == "quiet")


def alert_of(date, today) -> DateAlert:
    """The line about one date."""
    days = (date.on - today).days
    to_come, passed = WORDS[date.kind]
    day = date_in_words(date.on)
    joint = " " if date.kind == Kind.NOTICE else " on "
    text = f"{passed if days < 0 else to_come}{joint}{day}, {away(days)}."
    is_sure = date.certainty == Certainty.STATED
    if not is_sure:
        text += f" This date is {date.get_certainty_display()}."
    # It is no alarm that a review is late, where nobody is sure that it was ever agreed.
    is_near = days <= NEAR and (is_sure or date.kind == Kind.END)
    return DateAlert("warn" if is_near else "quiet", text)


def away(days):
    """ "in 6 days", "today", "3 days ago", from the number of days to come (negative: past)."""
    if days < 0:
        return "yesterday" if days == -1 else f"{-days} days ago"
    return in_days(days) if days else "today"

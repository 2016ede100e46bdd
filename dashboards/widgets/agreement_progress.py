"""The progress of an agreement through its term: words on either side of a bar. Pure rules about dates."""

from dataclasses import dataclass

from pages.words import date_in_words
from partnership.models import AgreementDate


@dataclass(frozen=True)
class AgreementProgress:
    """The words on either side of a bar, and how full the bar is (0 to 100)."""

    heading: str
    note: str
    percent: int


def term_of(agreement, year, today) -> AgreementProgress | None:
    """The progress on ``today`` through the agreement ``year``; None without a year, so without an effective date."""
    if year is None:
        return None
    end = agreement.date_of(AgreementDate.Kind.END)
    heading = f"Agreement year {year.number}"
    if agreement.has_ended:
        return AgreementProgress(
            f"{heading}, the last", f"ended {date_in_words(end.on)}" if end and end.on <= today else "ended", 100
        )
    if today < year.starts_on:
        return AgreementProgress(heading, f"begins {in_days((year.starts_on - today).days)}", 0)
    day = year.day_number(today)
    return AgreementProgress(heading, f"day {day} of {year.length}", round(100 * day / year.length))


def in_days(days):
    """ "in 3 days", or "tomorrow" for 1."""
    return "tomorrow" if days == 1 else f"in {days} days"

"""Bank holidays of a nation of the United Kingdom, as GOV.UK lists them."""

from datetime import timedelta
from functools import lru_cache

import holidays
from django.conf import settings

from pages.words import date_in_words

NATIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
"""{value of the setting ``NATION``: the nation's code in the ``holidays`` package}."""

NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2 January",
    "Saint Andrew's Day": "St Andrew’s Day",
    "Saint Patrick's Day": "St Patrick’s Day",
    "Scotland's participation in the FIFA World Cup final": "World Cup bank holiday",
}
"""{the package's name: the one that GOV.UK uses}."""


def bank_holidays(first, last):
    """{day: name} of the bank holidays from ``first`` to ``last`` in the nation of the settings."""
    years = range(first.year, last.year + 1)
    return {
        day: name
        for year in years
        for day, name in bank_holidays_of(settings.NATION, year).items()
        if first <= day <= last
    }


def bank_holiday_on(day):
    """The name of the bank holiday on ``day``, or ""."""
    return bank_holidays_of(settings.NATION, day.year).get(day, "")


def next_working_day(day):
    """The first day after ``day`` that is neither at a weekend nor a bank holiday."""
    day += timedelta(1)
    while is_day_off(day):
        day += timedelta(1)
    return day


def is_day_off(day):
    """Whether ``day`` is at a weekend or a bank holiday."""
    return day.weekday() > 4 or bool(bank_holiday_on(day))


def working_day_before(day, number):
    """The day that is ``number`` working days before ``day``, which may be a day off itself."""
    for _ in range(number):
        day -= timedelta(1)
        while is_day_off(day):
            day -= timedelta(1)
    return day


def bank_holiday_note(day):
    """ "25 December 2026 is a bank holiday: Christmas Day." or ""."""
    name = bank_holiday_on(day)
    return f"{date_in_words(day)} is a bank holiday: {name}." if name else ""


@lru_cache(maxsize=64)
def bank_holidays_of(nation, year):
    """{day: name} of the bank holidays of a year. ``nation`` is one of ``NATIONS``.

    The package counts a holiday at a weekend *and* its substitute (26 and 28 December 2026); a bank holiday is only
    the substitute, so holidays on a weekend are left out. Years that GOV.UK has not announced yet follow the rules.
    """
    found = holidays.country_holidays("GB", subdiv=NATIONS[nation], years=year)
    return {day: _in_words(name) for day, name in sorted(found.items()) if day.weekday() < 5}


def _in_words(name):
    """ "Boxing Day (substitute)" for "Boxing Day (observed)"; two on one day are separated by a semicolon."""
    plain, _, substitute = name.partition(" (observed)")
    words = "; ".join(NAMES.get(part, part.replace("'", "’")) for part in plain.split("; "))
    return f"{words} (substitute)" if substitute or name.endswith("(observed)") else words

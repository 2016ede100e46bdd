"""Dates and numbers as people say them. Pure."""

from django.utils import timezone


def date_in_words(day):
    """ "1 April 2025"."""
    return f"{day:%-d %B %Y}"


def weekday_in_words(day):
    """ "Tuesday 1 April 2025"."""
    return f"{day:%A %-d %B %Y}"


def moment_in_words(moment):
    """ "1 April 2025, 14:30", by the site's own clock."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def day_in_words(day, today):
    """ "11 December", with the year where it is not that of ``today``."""
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"


def days_in_words(first, last):
    """ "Monday 23 November 2026"; for more than one day "Monday 30 November to Tuesday 1 December 2026"."""
    if first == last:
        return f"{first:%A %-d %B %Y}"
    if first.year != last.year:
        return f"{first:%A %-d %B %Y} to {last:%A %-d %B %Y}"
    start = f"{first:%A %-d}" if first.month == last.month else f"{first:%A %-d %B}"
    return f"{start} to {last:%A %-d %B %Y}"


def period_in_words(first, last):
    """ "1 April 2026 to 31 March 2027", "since 1 April 2026", "until 31 March 2027"; "" where neither is given."""
    if first and last:
        return f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    if first:
        return f"since {first:%-d %B %Y}"
    return f"until {last:%-d %B %Y}" if last else ""


def zone_in_words(name):
    """ "London time", "New York time", "UTC", from the name of a time zone."""
    city = name.rpartition("/")[2].replace("_", " ")
    return city if city in ("UTC", "GMT") else f"{city} time"


def counted(number, noun):
    """ "1 day", "1,200 days"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ordinal(number):
    """ "1st", "2nd", "3rd", "11th", "22nd"."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"

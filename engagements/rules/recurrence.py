"""Recurrence rules of series (RRULE of RFC 5545), as days and in words. Pure; dateutil computes the days."""

import datetime as dt
import re
from itertools import islice

from dateutil.rrule import rrulestr

from pages.words import ordinal
from records.limits import LAST_DAY

MOST = 500
"""The largest number of days that a rule with an end may give. More is taken for a typing error."""

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

WEEKS = {"week": 1, "fortnight": 2}
MONTHLY = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""{choice in a form: number of months from one date to the next}."""

SHAPES = {
    "FREQ": r"WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d?",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYMONTH": r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": r"-?[1-5]",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
"""{part of a rule: regular expression for its value}."""

EXAMPLE = "FREQ=MONTHLY;BYDAY=2TH (every second Thursday of the month) is one."


class RuleError(ValueError):
    """A rule that is wrong or not supported. The message says why, for people to read."""


def checked(text):
    """Return a rule in its plain form ("FREQ=MONTHLY;BYDAY=2TH"). Raises RuleError if it is wrong or not supported."""
    plain = "".join(text.upper().removeprefix("RRULE:").split())
    parts = [part.partition("=")[::2] for part in plain.strip(";").split(";")]
    names = [name for name, _ in parts]
    if {"COUNT", "UNTIL", "DTSTART"} & set(names):
        raise RuleError("Leave COUNT, UNTIL and DTSTART out of the rule: they have fields of their own.")
    for name, value in parts:
        if name not in SHAPES or not re.fullmatch(SHAPES[name], value, re.ASCII) or names.count(name) > 1:
            raise RuleError(f"“{_short(name, value)}” cannot stand in a rule. {EXAMPLE}")
    if "FREQ" not in names:
        raise RuleError(f"The rule does not say how often: FREQ is missing. {EXAMPLE}")
    if dict(parts)["FREQ"] == "WEEKLY" and (
        {"BYMONTHDAY", "BYSETPOS"} & set(names) or re.search(r"\d", dict(parts).get("BYDAY", ""))
    ):
        raise RuleError("A weekly rule goes by days of the week only, such as FREQ=WEEKLY;BYDAY=TH.")
    return ";".join(f"{name}={value}" for name, value in parts)


def _short(name, value):
    text = f"{name}={value}" if value else name
    return text if len(text) <= 40 else f"{text[:40]}…"


def days(rule, first_day, *, ends_on=None, count=None):
    """Return an iterator over the days of ``rule`` from ``first_day`` to ``ends_on``, both included.

    It gives at most ``count`` days. Without ``ends_on`` it goes on to ``LAST_DAY``.
    """
    last = min(ends_on or LAST_DAY, LAST_DAY)
    if last < first_day:
        return iter(())
    # UNTIL is always set: without it dateutil would look for a 30 February until the year 9999.
    found = rrulestr(f"{rule};UNTIL={last:%Y%m%d}", dtstart=dt.datetime.combine(first_day, dt.time()))
    return islice((moment.date() for moment in found), count)


def nth(day):
    """Return the place of ``day`` among the same weekdays of its month: 2 for the second Thursday."""
    return (day.day - 1) // 7 + 1


def rule_for(every, on, day):
    """Return the rule by which ``day`` recurs ``every`` week, fortnight, month, quarter, half_year or year.

    ``on`` is weekday (the second Thursday), last (the last Thursday), day (the 10th) or last_day; weeks ignore it.
    """
    code = CODES[day.weekday()]
    if every in WEEKS:
        return _join("WEEKLY", WEEKS[every], f"BYDAY={code}")
    where = {
        "weekday": f"BYDAY={nth(day)}{code}",
        "last": f"BYDAY=-1{code}",
        "day": f"BYMONTHDAY={day.day}",
        "last_day": "BYMONTHDAY=-1",
    }[on]
    if every == "year":
        return _join("YEARLY", 1, f"BYMONTH={day.month}", where)
    return _join("MONTHLY", MONTHLY[every], where)


def _join(freq, interval, *parts):
    return ";".join([f"FREQ={freq}", *[f"INTERVAL={interval}"] * (interval > 1), *parts])


def parts_of(rule):
    """{part: value} of a checked rule."""
    return dict(part.split("=") for part in rule.split(";"))


def pattern_of(rule):
    """Return the choices (every, on) of a form that make ``rule`` for some day; None for a rule that no form makes."""
    parts = parts_of(rule)
    interval = int(parts.pop("INTERVAL", 1))
    freq, month = parts.pop("FREQ"), parts.pop("BYMONTH", None)
    if freq == "YEARLY":
        every = "year" if interval == 1 and month and "," not in month else None
    else:
        offered = WEEKS if freq == "WEEKLY" else {name: n for name, n in MONTHLY.items() if name != "year"}
        every = next((name for name, n in offered.items() if n == interval and not month), None)
    if every is None or len(parts) != 1:
        return None
    on = _place(*parts.popitem(), is_weekly=freq == "WEEKLY")
    return (every, on) if on else None


def _place(name, value, *, is_weekly):
    """Return the choice ``on`` of a form for one part of a rule; None where the form has no such choice."""
    if "," in value or name not in ("BYDAY", "BYMONTHDAY"):
        return None
    if name == "BYMONTHDAY":
        return "last_day" if value == "-1" else "day" if value[0] != "-" else None
    number = value[:-2].lstrip("+")
    if is_weekly or not number:
        return "weekday" if is_weekly and not number else None
    return "last" if number == "-1" else "weekday" if number[0] != "-" else None


def is_same_beat(one, other):
    """Whether two rules give equally many days in the same period, so that their days correspond one to one."""
    return _beat(parts_of(one)) == _beat(parts_of(other))


def _beat(parts):
    several = tuple(len(parts.get(name, "").split(",")) for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"))
    return parts["FREQ"], parts.get("INTERVAL", "1"), several, parts.get("BYSETPOS")


def names_weekend(rule):
    """Whether the rule itself names Saturday or Sunday, so that a date at a weekend is intended."""
    return bool(re.search("SA|SU", parts_of(rule).get("BYDAY", "")))


def in_words(rule):
    """ "Every second Thursday of the month", "Every two weeks on Monday", "Every year on 12 May"."""
    parts = parts_of(rule)
    interval = int(parts.get("INTERVAL", 1))
    say = {"WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}[parts["FREQ"]]
    # A rule that no form makes is shown as it is written: half of it in words would be worse than none.
    named = {"WEEKLY": {"BYDAY"}, "MONTHLY": {"BYDAY", "BYMONTHDAY"}, "YEARLY": {"BYDAY", "BYMONTHDAY"}}[parts["FREQ"]]
    rest = set(parts) - {"FREQ", "INTERVAL", "WKST"} - ({"BYMONTH"} if parts["FREQ"] == "YEARLY" else set())
    words = say(parts, interval) if len(rest) == 1 and rest <= named else None
    return words or f"By the rule {rule}"


def _weekly(parts, interval):
    named = _list([WEEKDAYS[CODES.index(code)] for code in parts["BYDAY"].split(",")])
    return f"Every {named}" if interval == 1 else f"Every {_number(interval)} weeks on {named}"


def _monthly(parts, interval):
    where = _in_month(parts)
    if where is None:
        return None
    if interval == 1:
        return f"Every {where} of the month" if "BYDAY" in parts else f"On the {where} of every month"
    often = {3: "quarter", 6: "half-year"}.get(interval) or f"{_number(interval)} months"
    return f"Every {often} on the {where}"


def _yearly(parts, interval):
    where = _in_month(parts)
    if where is None or "BYMONTH" not in parts:
        return None
    months = _list([MONTHS[int(month) - 1] for month in parts["BYMONTH"].split(",")])
    often = "Every year" if interval == 1 else f"Every {_number(interval)} years"
    day = parts.get("BYMONTHDAY", "")
    return f"{often} on {day} {months}" if day.isdecimal() else f"{often} on the {where} of {months}"


def _in_month(parts):
    """ "second Thursday", "12th and last day"; None where there is no plain name."""
    return _weekdays(parts["BYDAY"]) if "BYDAY" in parts else _month_days(parts["BYMONTHDAY"])


def _weekdays(value):
    """ "second Thursday"; None where a weekday has no number, or one that has no name."""
    found = []
    for entry in value.split(","):
        number = int(entry[:-2] or 0)
        if number not in NTH:
            return None
        found.append(f"{NTH[number]} {WEEKDAYS[CODES.index(entry[-2:])]}")
    return _list(found)


def _month_days(value):
    """ "12th", "last day"; None for any other day counted from the end."""
    found = []
    for entry in value.split(","):
        number = int(entry)
        if number < -1:
            return None
        found.append("last day" if number == -1 else ordinal(number))
    return _list(found)


def _number(number):
    return NUMBERS.get(number, str(number))


def _list(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def gaps_in_words(rule):
    """Return a warning about months or years that a rule leaves out; "" where there is nothing to say."""
    parts = parts_of(rule)
    days, month = parts.get("BYMONTHDAY", "").split(","), parts.get("BYMONTH", "")
    if parts["FREQ"] == "YEARLY" and month == "2" and "29" in days:
        return (
            "29 February comes only in leap years. For a date in every year choose 1 March, which is also how the "
            "agreement’s own years are counted."
        )
    if late := next((day for day in ("29", "30", "31") if day in days), None):
        if parts["FREQ"] == "YEARLY":
            return ""
        exception = "February, but in leap years," if late == "29" else f"A month without a {ordinal(int(late))}"
        return f"{exception} is left out. For every month choose its last day."
    fifth = re.search(r"\+?\b5(MO|TU|WE|TH|FR|SA|SU)", parts.get("BYDAY", ""))
    if fifth:
        weekday = WEEKDAYS[CODES.index(fifth[1])]
        return f"A month without a fifth {weekday} is left out. For every month choose its last {weekday}."
    return ""

"""When a step is due, in SQL: at a wall-clock time, and on a working day where its rule asks for that."""

from datetime import timedelta
from functools import lru_cache
from string import Template

from django.conf import settings
from django.utils import timezone

from pages.holidays import bank_holidays

AROUND = timedelta(days=731)
"""How far before and after today the statements know the bank holidays."""

_NEAR = ", ".join(str(n) for n in (*range(-1, -11, -1), *range(1, 11)))


def days_off():
    """The bank holidays within two years of today, for the parameter ``days_off`` of a statement."""
    return _days_off(settings.NATION, timezone.localdate())


@lru_cache(maxsize=8)
def _days_off(nation, today):
    return list(bank_holidays(today - AROUND, today + AROUND))


_NOMINAL = Template("($day + s.days + ($nth) * COALESCE(s.repeats_every, 0)::int)")
_IS_OFF = Template("(extract(isodow FROM $day) > 5 OR $day = ANY (%(days_off)s::date[]))")
_DUE_AT = Template("""
    timezone($zone, s.at + CASE WHEN r.on_working_days AND $is_off THEN (
        SELECT $nominal + o.n FROM unnest(ARRAY[$near]) WITH ORDINALITY o (n, place)
        WHERE NOT $is_off_then AND ($nominal <= $day OR $nominal + o.n > $day)
        ORDER BY o.place LIMIT 1) ELSE $nominal END)""")


def due_at(day, zone, nth="0"):
    """SQL for the moment at which the ``nth`` round of a step (s) of a rule (r), counted from ``day``, is due.

    Where it falls on a day off, it moves to the working day before. A step after ``day`` never moves back to ``day`` or
    earlier: it moves to the next working day instead.
    """
    nominal = _NOMINAL.substitute(day=day, nth=nth)
    return _DUE_AT.substitute(
        zone=zone,
        day=day,
        near=_NEAR,
        nominal=nominal,
        is_off=_IS_OFF.substitute(day=nominal),
        is_off_then=_IS_OFF.substitute(day=f"({nominal} + o.n)"),
    )


def in_days(number):
    """ "1 day", "7 days"."""
    return f"{number} day{'s' * (number != 1)}"

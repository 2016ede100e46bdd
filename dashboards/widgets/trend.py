"""The trend of a figure from month to month: the points of a small line, and the same in words. Pure."""

from dataclasses import dataclass
from itertools import accumulate

BOTTOM, HEIGHT = 29, 27
"""The height of 0 in a box of 100 by 30, measured from its top, and how much higher the largest number is."""


@dataclass(frozen=True)
class Trend:
    """The data of templates/elements/sparkline.html: ``points``, the points of the plan if there is one, and words."""

    points: str = ""
    plan: str = ""
    label: str = ""


NO_TREND = Trend()


def rising(period, numbers, today, plan=None) -> Trend:
    """The trend of a figure that adds up: ``numbers`` are those of each month, ``plan`` those that are planned."""
    return _trend(period, list(accumulate(numbers)), today, list(accumulate(plan or [])), begins_at=0)


def changing(period, numbers, today) -> Trend:
    """The trend of a figure that goes up and down: ``numbers`` are those at the end of each month."""
    return _trend(period, numbers, today, [], begins_at=None)


def _trend(period, numbers, today, plan, begins_at):
    """The trend up to ``today``, without future months; ``NO_TREND`` for fewer than two months."""
    months = [month for month in period.months if month.first <= today]
    plan = plan if len(plan) == len(period.months) else []
    if len(months) < 2:
        return NO_TREND
    known = numbers[: len(months)]
    top = max(*known, *plan, 1)
    days = [min(month.last, today) for month in months]
    beginning = [(0, begins_at)] if begins_at is not None else []
    line = [*beginning, *((_place(period, day), number) for day, number in zip(days, known, strict=True))]
    now = "now" if period.last >= today else f"at the end of {months[-1].last:%B %Y}"
    label = f"{known[0]:,} at the end of {months[0].first:%B %Y}, {known[-1]:,} {now}"
    return Trend(_points(line, top), _points(_goal(period, plan), top), label)


def _goal(period, plan):
    if not plan:
        return []
    return [(0, 0), *((_place(period, month.last), sum_) for month, sum_ in zip(period.months, plan, strict=True))]


def _place(period, day):
    """How far into ``period`` the end of ``day`` is, in per cent."""
    return round(100 * ((day - period.first).days + 1) / ((period.last - period.first).days + 1))


def _points(line, top):
    return " ".join(f"{x},{round(BOTTOM - HEIGHT * number / top, 1):g}" for x, number in line)

"""Reading the demonstration's files, and its calendar: days counted from the day of the load."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

FOLDER = Path(__file__).parent


def read(name):
    """The contents of the file ``name``.toml of this folder, as dicts and lists."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def is_working_day(day):
    """Whether people meet on ``day``: not at weekends, nor between Christmas and New Year."""
    return day.weekday() < 5 and (day.month, day.day) not in {(1, 1), *((12, n) for n in range(24, 32))}


@dataclass(frozen=True)
class Calendar:
    """Days and instants of the demonstration, counted from ``now``, the moment of the load."""

    now: datetime

    @property
    def today(self):
        """The day of the load."""
        return timezone.localdate(self.now)

    def day(self, offset) -> date:
        """The working day ``offset`` days from the load: in the past the one before a free day, else the one after."""
        day, step = self.today + timedelta(offset), timedelta(-1 if offset < 0 else 1)
        while not is_working_day(day):
            day += step
        return day

    def before_now(self, instant, *, hours=1):
        """``instant``, but no later than ``hours`` hours before the load."""
        return min(instant, self.now - timedelta(hours=hours))


def times(text):
    """("10:00-12:30") as two times; (None, None) for an empty text."""
    return tuple(time.fromisoformat(part) for part in text.split("-")) if text else (None, None)

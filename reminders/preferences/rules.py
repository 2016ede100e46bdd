"""What a person can choose of what they are told, and when a thing then goes. Pure: times in, a time out."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

DIGEST_AT = dt.time(8)
"""When digests go, by the clock on the wall; a pause ends at this time, too."""

MONDAY = 0

AHEAD = dt.timedelta(hours=2)
"""What is put off reaches its reader so long before it would be too late, or else it is not put off."""


class How(models.TextChoices):
    """How somebody wants to be told."""

    ON = "on", "On"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Mondays"
    OFF = "off", "Off"


DIGESTS = (How.DAILY, How.WEEKLY)


@dataclass(frozen=True)
class Choice:
    """What one person has chosen for one kind of thing."""

    how: str = How.ON
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    paused_until: dt.date | None = None

    @property
    def is_digest(self):
        """Whether several things go in one mail."""
        return self.how in DIGESTS


def instant(day, at) -> dt.datetime:
    """A wall-clock time as a moment. An hour that the clocks leave out counts as if they had not been changed."""
    return dt.datetime.combine(day, at, ZoneInfo(settings.TIME_ZONE)).astimezone(dt.UTC)


def resumes_at(choice) -> dt.datetime | None:
    """When a pause is over; None where there is none."""
    return choice.paused_until and instant(choice.paused_until, DIGEST_AT)


def goes_at(choice, due_at, expires_at, now) -> dt.datetime:
    """When a thing that is due at ``due_at``, and too late at ``expires_at``, goes to somebody with this choice.

    ``now`` or earlier: it goes now. Never after a moment at which it still made sense:

    1. What falls into a pause waits for its end (what that makes too late was refused before: see ``wanted``).
    2. A digest takes it along, unless that would be too late: then it goes by itself.
    3. What then falls into quiet hours goes at their end, unless that would be too late: then it does not wait.
    """
    start = max(due_at, resumes_at(choice) or due_at)
    last = expires_at - AHEAD
    if choice.is_digest:
        digest = after_quiet(choice, next_digest(choice, start))
        start = digest if digest <= last else start
    moment = max(start, now)
    calm = after_quiet(choice, moment)
    return calm if calm <= last else moment


def next_digest(choice, moment) -> dt.datetime:
    """The first digest at ``moment`` or after it."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if choice.how == How.WEEKLY:
        day += dt.timedelta(days=(MONDAY - day.weekday()) % 7)
    found = instant(day, DIGEST_AT)
    if found >= moment:
        return found
    return instant(day + dt.timedelta(days=7 if choice.how == How.WEEKLY else 1), DIGEST_AT)


def after_quiet(choice, moment) -> dt.datetime:
    """The moment itself, or the end of the quiet hours that it falls into. They may go over midnight.

    On the night when the clocks go forward, hours that end in the hour that is skipped can begin again in it.
    """
    while (end := _end_of_quiet(choice, moment)) > moment:
        moment = end
    return moment


def _end_of_quiet(choice, moment):
    if choice.quiet_from is None:
        return moment
    here = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    goes_over_midnight = choice.quiet_from > choice.quiet_to
    time = here.time()
    if goes_over_midnight:
        is_quiet = time >= choice.quiet_from or time < choice.quiet_to
    else:
        is_quiet = choice.quiet_from <= time < choice.quiet_to
    if not is_quiet:
        return moment
    day = here.date() + dt.timedelta(days=goes_over_midnight and time >= choice.quiet_from)
    end = instant(day, choice.quiet_to)
    # In the hour that comes twice, the second time, the end that is meant is the second one, too.
    return end if end > moment else instant(day, choice.quiet_to.replace(fold=1))

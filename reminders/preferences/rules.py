"""A person's choices about emails, and when a delivery is then sent. Pure: times in, a time out."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

DIGEST_AT = dt.time(8)
"""The local time at which digests are sent. A pause ends at this time too."""

MONDAY = 0

AHEAD = dt.timedelta(hours=2)
"""A deferred delivery is sent at least this long before it expires; otherwise it is not deferred."""


class How(models.TextChoices):
    """How a person wants the emails of a topic."""

    ON = "on", "On"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Mondays"
    OFF = "off", "Off"


DIGESTS = (How.DAILY, How.WEEKLY)


@dataclass(frozen=True)
class Choice:
    """The choice of one person for one kind of notification."""

    how: str = How.ON
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    paused_until: dt.date | None = None

    @property
    def is_digest(self):
        """Whether several notifications are sent in one email."""
        return self.how in DIGESTS


def instant(day, at) -> dt.datetime:
    """Return a local time in UTC. A time that the clocks skip counts as if they had not been changed."""
    return dt.datetime.combine(day, at, ZoneInfo(settings.TIME_ZONE)).astimezone(dt.UTC)


def resumes_at(choice) -> dt.datetime | None:
    """Return when the pause ends; None where there is none."""
    return choice.paused_until and instant(choice.paused_until, DIGEST_AT)


def goes_at(choice, due_at, expires_at, now) -> dt.datetime:
    """Return when a delivery, due at ``due_at`` and expiring at ``expires_at``, is sent to a person with this choice.

    It is never earlier than ``now``. No delay makes a delivery too late:

    1. A delivery that is due in a pause waits for its end. ``statements.refusal`` has excluded those too late by then.
    2. A digest includes it, unless that would be too late. It is then sent by itself.
    3. If that time is in quiet hours it is sent at their end, unless that would be too late. It then does not wait.
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
    """Return the time of the first digest at ``moment`` or after it."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if choice.how == How.WEEKLY:
        day += dt.timedelta(days=(MONDAY - day.weekday()) % 7)
    found = instant(day, DIGEST_AT)
    if found >= moment:
        return found
    return instant(day + dt.timedelta(days=7 if choice.how == How.WEEKLY else 1), DIGEST_AT)


def after_quiet(choice, moment) -> dt.datetime:
    """Return ``moment``, or the end of the quiet hours that it is in. These may span midnight.

    On the night when the clocks go forward, quiet hours that end in the skipped hour can begin again in it.
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
    # In the second run of the hour that occurs twice, the end meant is the second one too.
    return end if end > moment else instant(day, choice.quiet_to.replace(fold=1))

"""Words for the facts of engagements, participations and actions. Rows in, words out: no queries."""

from zoneinfo import ZoneInfo

from django.conf import settings

from pages.words import day_in_words, days_in_words, weekday_in_words, zone_in_words


def times_in_words(engagement):
    """ "14:00 to 15:30", "from 14:00" or "" without a time; with the time zone where it is not the site's."""
    if engagement.start_time is None:
        return ""
    times = f"{engagement.start_time:%H:%M}"
    times = f"{times} to {engagement.end_time:%H:%M}" if engagement.end_time else f"from {times}"
    if engagement.time_zone == settings.TIME_ZONE:
        return times
    return f"{times} ({zone_in_words(engagement.time_zone)})"


def time_on_day(engagement, day):
    """The time on one of its days, in brief: "14:00", "14:00, day 1 of 3", "day 2 of 3"; "" if nothing is known."""
    parts = []
    if engagement.start_time and day == engagement.starts_on:
        zone = "" if engagement.time_zone == settings.TIME_ZONE else f" {zone_in_words(engagement.time_zone)}"
        parts.append(f"{engagement.start_time:%H:%M}{zone}")
    if engagement.last_day != engagement.starts_on:
        number = (day - engagement.starts_on).days + 1
        parts.append(f"day {number} of {(engagement.last_day - engagement.starts_on).days + 1}")
    return ", ".join(parts)


def place_in_words(engagement):
    """ "online", "in person", the venue, or the venue "and online"; "" where nothing is known."""
    here = engagement.venue or {"in_person": "in person", "hybrid": "in person"}.get(engagement.mode, "")
    if engagement.mode == engagement.Mode.HYBRID:
        return f"{here} and online"
    return "online" if engagement.mode == engagement.Mode.ONLINE else here


def when(engagement):
    """ "Monday 23 November 2026, 14:00 to 15:30"."""
    days = days_in_words(engagement.starts_on, engagement.last_day)
    return ", ".join(filter(None, [days, times_in_words(engagement)]))


def when_anywhere(engagement):
    """As ``when``, for readers in any time zone: "Monday 23 November 2026, 14:00 to 15:30 (London time)".

    Where the engagement is in a time zone other than the site's, its start by the site's own clock is added.
    """
    words = when(engagement)
    if engagement.start_time is None:
        return words
    here = zone_in_words(settings.TIME_ZONE)
    if engagement.time_zone == settings.TIME_ZONE:
        return f"{words} ({here})"
    start = engagement.instants()[0].astimezone(ZoneInfo(settings.TIME_ZONE))
    day = "" if start.date() == engagement.starts_on else f"{weekday_in_words(start)}, "
    return f"{words}, which begins at {day}{start:%H:%M} {here}"


def when_and_where(engagement):
    """ "Monday 23 November 2026, 14:00 to 15:30, online"."""
    return ", ".join(filter(None, [when(engagement), place_in_words(engagement)]))


def state_of(engagement):
    """Return (state of a chip, word) for the status of an engagement."""
    if engagement.awaits_answer:
        return "warn", "Did it take place?"
    return {
        "planned": ("quiet", "Planned"),
        "confirmed": ("good", "Confirmed"),
        "held": ("good", "Held"),
        "cancelled": ("bad", "Cancelled"),
    }[engagement.status]


def due_of(action, today):
    """Return (state of a chip, words): when an action is due, how late it is, or when it was done."""
    if action.is_done:
        return "good", "done today" if action.done_on == today else f"done {day_in_words(action.done_on, today)}"
    if action.due_on is None:
        return "quiet", "no date"
    days = (action.due_on - today).days
    if days < 0:
        return "bad", f"{-days} day{'s' * (days != -1)} late"
    if days < 2:
        return "warn", ("due today", "due tomorrow")[days]
    return "quiet", f"due {day_in_words(action.due_on, today)}"


def part_of(participation, *, is_attendance_known):
    """Return a person's part in an engagement: "Chair", "Came", "Speaker, sent apologies", "Not coming"."""
    role = participation.get_role_display() if participation.role != participation.Role.PARTICIPANT else ""
    if is_attendance_known:
        state = participation.get_attendance_display()
        if role and participation.attendance in ("", participation.Attendance.CAME):
            return role
    elif participation.earlier_reply:
        state = participation.earlier_in_words.capitalize()
    else:
        state = participation.get_reply_display()
    return f"{role}, {state[:1].lower()}{state[1:]}" if role else state

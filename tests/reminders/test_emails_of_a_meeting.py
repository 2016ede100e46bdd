"""What people hear of a meeting, from its invitation to its beginning: exactly these mails and no more.

A table of what is done to it and when, over a real mail server, with a rule that reminds two days before. Each is done
once telling people, and once without telling anyone.
"""

import datetime as dt
import re
from types import SimpleNamespace

import pytest

from engagements.models import Engagement
from engagements.operations.engagement import (
    cancel_engagement,
    change_engagement,
    delete_engagement,
    log_engagement,
    reinstate_engagement,
)
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.factories import PersonFactory
from tests.outbox.reading import files_of, read
from tests.reminders.conftest import NOW, make_rule

pytestmark = pytest.mark.usefixtures("clock")

TUESDAY, FRIDAY, SUNDAY, MONDAY = (dt.date(2026, 12, day) for day in (8, 11, 13, 14))
BEFORE, AFTER = dt.timedelta(days=1), dt.timedelta(days=6)
"""When something is done: four days before the reminder goes, or a day after it went."""

QUIETLY, LOUDLY = False, True


@pytest.fixture
def story(cast, server, clock):
    """``story(steps)`` lives through a fortnight in steps of six hours, and gives what Ana heard and on which day."""
    ana = PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")
    make_rule(cast.agreement, 2)

    def live(*steps, notify):
        world = SimpleNamespace(cast=cast, notify=notify)
        world.pk = invite(cast, ana).pk
        heard, left = [], sorted(steps, key=lambda step: step[0])
        for hours in range(0, 15 * 24, 6):
            now = NOW + dt.timedelta(hours=hours)
            clock.move_to(now)
            while left and now >= NOW + left[0][0]:
                left.pop(0)[1](world)
            server.received.clear()
            sweep(now)
            heard += [in_brief(now, content) for _, content in server.received]
        return heard

    return live


def invite(cast, person):
    meeting = Engagement(
        agreement=cast.agreement, title="AI", kind="roundtable", starts_on=TUESDAY, start_time=dt.time(14)
    )
    return log_engagement(meeting, people=[person], by=cast.officer)


def in_brief(now, content):
    """ "1 Dec Invitation 8 REQUEST": the day, the kind of mail, the day of the meeting, what the calendar is told."""
    subject = str(read(content)["Subject"])
    day = re.search(r"(\d+) December", subject)[1]
    methods = [str(file["METHOD"]) for file in files_of(content)]
    return " ".join([f"{now:%-d} Dec {subject.split(':')[0]} {day}", *methods])


def the(world):
    return Engagement.objects.get(pk=world.pk)


def move(day):
    def act(world):
        meeting = the(world)
        meeting.starts_on = day
        change_engagement(meeting, notify=world.notify, by=world.cast.officer)

    return act


def cancel(world):
    cancel_engagement(the(world), notify=world.notify, by=world.cast.officer)


def reinstate(world):
    reinstate_engagement(the(world), notify=world.notify, by=world.cast.officer)


def delete(world):
    delete_engagement(the(world), notify=world.notify, by=world.cast.officer)


INVITED, REMINDED = "1 Dec Invitation 8 REQUEST", "6 Dec Reminder 8"
HOUR = dt.timedelta(hours=6)

TABLE = {
    "nothing": ([], [INVITED, REMINDED], [INVITED, REMINDED]),
    "moved before the reminder": (
        [(BEFORE, move(FRIDAY))],
        [INVITED, "2 Dec Moved 11 REQUEST", "9 Dec Reminder 11"],
        [INVITED, "9 Dec Reminder 11"],
    ),
    "moved after the reminder": (
        [(AFTER, move(MONDAY))],
        [INVITED, REMINDED, "7 Dec Moved 14 REQUEST", "12 Dec Reminder 14"],
        [INVITED, REMINDED, "12 Dec Reminder 14"],
    ),
    "moved after the reminder, to a day of which the reminder would have gone by now": (
        [(AFTER, move(dt.date(2026, 12, 9)))],
        [INVITED, REMINDED, "7 Dec Moved 9 REQUEST"],
        [INVITED, REMINDED],
    ),
    "moved and moved back before a mail went": (
        [(BEFORE, move(FRIDAY)), (BEFORE, move(TUESDAY))],
        [INVITED, "2 Dec Moved 8 REQUEST", REMINDED],
        [INVITED, REMINDED],
    ),
    "moved twice, before and after the reminder": (
        [(BEFORE, move(FRIDAY)), (dt.timedelta(days=9), move(SUNDAY))],
        [
            INVITED,
            "2 Dec Moved 11 REQUEST",
            "9 Dec Reminder 11",
            "10 Dec Moved 13 REQUEST",
            "11 Dec Reminder 13",
        ],
        [INVITED, "9 Dec Reminder 11", "11 Dec Reminder 13"],
    ),
    "cancelled before the reminder": (
        [(BEFORE, cancel)],
        [INVITED, "2 Dec Cancelled 8 CANCEL"],
        [INVITED],
    ),
    "cancelled after the reminder": (
        [(AFTER, cancel)],
        [INVITED, REMINDED, "7 Dec Cancelled 8 CANCEL"],
        [INVITED, REMINDED],
    ),
    "cancelled and on again before the reminder": (
        [(BEFORE, cancel), (BEFORE + HOUR, reinstate)],
        [INVITED, "2 Dec Cancelled 8 CANCEL", "2 Dec On again 8 REQUEST", REMINDED],
        [INVITED, REMINDED],
    ),
    "cancelled before the reminder and on again after its time": (
        [(BEFORE, cancel), (AFTER, reinstate)],
        [INVITED, "2 Dec Cancelled 8 CANCEL", "7 Dec On again 8 REQUEST"],
        [INVITED],
    ),
    "cancelled and on again after the reminder": (
        [(AFTER, cancel), (AFTER + HOUR, reinstate)],
        [INVITED, REMINDED, "7 Dec Cancelled 8 CANCEL", "7 Dec On again 8 REQUEST"],
        [INVITED, REMINDED],
    ),
    "cancelled and on again before a mail went": (
        [(BEFORE, cancel), (BEFORE, reinstate)],
        [INVITED, REMINDED],
        [INVITED, REMINDED],
    ),
    "deleted before the reminder": (
        [(BEFORE, delete)],
        [INVITED, "2 Dec Cancelled 8 CANCEL"],
        [INVITED],
    ),
    "deleted after the reminder": (
        [(AFTER, delete)],
        [INVITED, REMINDED, "7 Dec Cancelled 8 CANCEL"],
        [INVITED, REMINDED],
    ),
    "cancelled, then deleted": (
        [(BEFORE, cancel), (AFTER, delete)],
        [INVITED, "2 Dec Cancelled 8 CANCEL"],
        [INVITED],
    ),
    "moved, then cancelled": (
        [(BEFORE, move(FRIDAY)), (dt.timedelta(days=9), cancel)],
        [INVITED, "2 Dec Moved 11 REQUEST", "9 Dec Reminder 11", "10 Dec Cancelled 11 CANCEL"],
        [INVITED, "9 Dec Reminder 11"],
    ),
    "moved, then deleted": (
        [(BEFORE, move(FRIDAY)), (dt.timedelta(days=9), delete)],
        [INVITED, "2 Dec Moved 11 REQUEST", "9 Dec Reminder 11", "10 Dec Cancelled 11 CANCEL"],
        [INVITED, "9 Dec Reminder 11"],
    ),
    "cancelled before the invitation went": ([(dt.timedelta(), cancel)], [], []),
    "deleted before the invitation went": ([(dt.timedelta(), delete)], [], []),
}
"""{what is done: (when and what, the mails with telling people, the mails without telling anyone)}."""


@pytest.mark.parametrize("notify", [LOUDLY, QUIETLY], ids=["told", "quietly"])
@pytest.mark.parametrize("what", TABLE)
def test_exactly_these_mails_go_and_no_more(story, what, notify):
    steps, told, quietly = TABLE[what]
    assert story(*steps, notify=notify) == (told if notify else quietly)
    assert not Delivery.objects.filter(state__in=["planned", "claimed"]).exists()

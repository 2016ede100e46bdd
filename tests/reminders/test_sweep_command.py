"""``manage.py sweep`` sweeps once and says what it did."""

import datetime as dt

import pytest
from django.core.management import call_command

from engagements.models import Participation
from tests.mailers import mail_by_smtp
from tests.reminders.conftest import NOW, made_on, make_meeting, make_rule


@pytest.fixture
def sweep(cast, clock, capsys):
    def run(now=NOW):
        clock.move_to(now)
        call_command("sweep")
        return capsys.readouterr().out

    return run


def test_it_says_what_it_planned_sent_and_skipped(cast, sweep):
    make_rule(cast.agreement, 6, 2)
    make_meeting(cast.agreement, "Ana", "Bo", save=False)
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    assert sweep() == "Planned 2, skipped 2.\n"
    assert sweep(NOW + dt.timedelta(days=5)) == "Sent 1, skipped 1.\n"
    assert sweep() == "There was nothing to do.\n"


def test_it_says_that_the_mail_server_cannot_be_reached(cast, sweep, settings):
    mail_by_smtp(settings)
    made_on(NOW - dt.timedelta(days=1), make_rule)(cast.agreement, 7)
    made_on(NOW - dt.timedelta(days=1), make_meeting)(cast.agreement, "Ana")
    assert sweep() == "Put off 1 for a while. The mail server cannot be reached; what waits is tried again.\n"

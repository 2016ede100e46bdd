"""A table with people around it: rules, meetings, and the ledger as one reads it."""

import datetime as dt
import email
import email.policy
import io
import socket
import sys
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db.models import F

from engagements.models import Engagement
from engagements.signals import engagement_saved
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory
from tests.mailers import mail_by_smtp
from tests.outbox.smtp import mail_server

NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
"""A Tuesday noon. Meetings are a week later, on Tuesday 8 December at 14:00, unless a test says otherwise."""


@pytest.fixture
def clock():
    """Time stands still at NOW; ``clock.move_to(...)`` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def server(settings):
    """A real mail server, which the reminders go to."""
    with mail_server() as server:
        mail_by_smtp(settings, server.port)
        yield server


def make_rule(agreement, *leads, kinds=("roundtable",), name="Roundtables"):
    """A rule with a step at 09:00 for each number of days before, or at another time for a pair; on any day."""
    leads = [lead if isinstance(lead, tuple) else (lead, dt.time(9)) for lead in leads]
    steps = [Step(days=-days, at=at) for days, at in leads]
    rule = Rule(agreement=agreement, name=name, engagement_kinds=list(kinds), on_working_days=False)
    return save_rule(rule, steps=steps, by=None)


def make_meeting(agreement, *names, save=True, **fields):
    """A roundtable to come with these people, saved as its verbs do: with the signal."""
    facts = {
        "kind": "roundtable",
        "status": "planned",
        "starts_on": dt.date(2026, 12, 8),
        "start_time": dt.time(14),
    } | fields
    meeting = EngagementFactory(agreement=agreement, **facts)
    for name in names:
        person = PersonFactory(agreement=agreement, name=name, email=f"{name.lower()}@people.example")
        ParticipationFactory(engagement=meeting, person=person)
    return saved(meeting) if save else meeting


def made_on(moment, make):
    """``make`` at another moment: what falls due after it was not past when it was made."""

    def made(*args, **kwargs):
        with time_machine.travel(moment, tick=False):
            return make(*args, **kwargs)

    return made


def saved(meeting):
    """Tell the rooms above, as the verbs of engagements do."""
    engagement_saved.send(sender=Engagement, engagement=meeting)
    return meeting


def ledger_of(meeting):
    """What the ledger says of the reminders of a meeting: (name, days before, state, reason), by name and lead time."""
    rows = Delivery.objects.filter(engagement=meeting, kind="reminder").order_by(
        "person__name", F("step__days").asc(nulls_first=True), "occurrence", "due_at"
    )
    rows = rows.annotate(lead=-F("step__days"))
    return list(rows.values_list("person__name", "lead", "state", "reason"))


def outbox():
    """The mails sent so far, as their readers' programs read them."""
    return [email.message_from_bytes(letter.content, policy=email.policy.default) for letter in mail.outbox]


@pytest.fixture
def silent_port():
    """A port where somebody listens and never answers, as a stopped Redis does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Runs it: ``command(content, ...)`` with files, ``command("-", stdin=content)``: exit status and both outputs."""

    def run(*contents, stdin=b""):
        names = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.eml"
            if isinstance(content, bytes):
                path.write_bytes(content)
            names.append(str(path) if isinstance(content, bytes) else str(content))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("read_bounces", *names, stdout=out, stderr=err)
        except SystemExit as stop:
            status = stop.code
        return SimpleNamespace(status=status, out=out.getvalue(), err=err.getvalue())

    return run

"""The record of an engagement says what it counts towards."""

import datetime as dt

import pytest
from django.utils import timezone

from commitments.presenters.counting import counted_by
from engagements.presenters.record import Record
from pages.access import access_of
from tests.factories import CommitmentFactory, EngagementFactory, EvidenceFactory


@pytest.fixture(autouse=True)
def rhythm(cast, time_machine):
    """It is 24 November 2026, and four roundtables a year are promised."""
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)
    what = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["roundtable"]}
    return CommitmentFactory(agreement=cast.agreement, title="Four roundtables", **what)


@pytest.fixture
def roundtable(cast):
    """``roundtable("2026-06-10")`` is a roundtable held on that day, with these fields changed."""
    return lambda day, **fields: EngagementFactory(
        agreement=cast.agreement, **({"kind": "roundtable", "starts_on": dt.date.fromisoformat(day)} | fields)
    )


@pytest.fixture
def text(cast, sign_in):
    """``text(engagement)`` is the record as a viewer sees it."""
    return lambda engagement: sign_in(cast.viewer).get(engagement.get_absolute_url()).content.decode()


def found(cast, engagement):
    record = Record(cast.viewer, access_of(cast.viewer, cast.agreement.slug), engagement.pk)
    return [(one.place, one.held_count) for one in counted_by(record.engagement, cast.viewer, timezone.now())]


def test_it_says_which_one_it_is(cast, roundtable, text):
    days = ["2026-03-31", "2026-04-01", "2026-06-10", "2026-06-10", "2026-11-01"]
    *_, third, last = [roundtable(day) for day in days]
    assert found(cast, third) == [(3, 4)]
    assert "this is the 3rd of 4" in text(third)
    assert "this is the 4th of 4" in text(last)


def test_it_is_counted_in_the_year_that_it_was_held_in(cast, roundtable):
    roundtable("2026-06-10")
    assert found(cast, roundtable("2026-03-31")) == [(1, 1)]


def test_beyond_what_was_promised_it_says_so(roundtable, text):
    *_, fifth = [roundtable(f"2026-06-1{n}") for n in range(5)]
    assert "this is the 5th, 4 promised" in text(fifth)


def test_one_to_come_takes_its_place_after_those_before_it(roundtable, text):
    roundtable("2026-06-10")
    roundtable("2026-12-01", status="planned")
    assert "once held, this is the 3rd of 4" in text(roundtable("2026-12-03", status="confirmed"))


def test_one_that_nobody_has_confirmed_counts_once_it_is(roundtable, text):
    assert "once somebody says that it took place" in text(roundtable("2026-06-10", status="planned"))


@pytest.mark.parametrize("fields", [{"kind": "workshop"}, {"is_public_event": True}, {"status": "cancelled"}])
def test_what_counts_towards_nothing_has_no_panel(roundtable, text, fields):
    assert "Counts towards" not in text(roundtable("2026-06-10", **fields))


def test_what_is_struck_out_has_no_panel(rhythm, roundtable, text):
    engagement = roundtable("2026-06-10")
    EvidenceFactory(commitment=rhythm, engagement=engagement, counts=False)
    assert "Counts towards" not in text(engagement)


def test_without_an_effective_date_it_says_what_it_counts_towards_without_a_bar(cast, roundtable, text):
    cast.agreement.dates.all().delete()
    page = text(roundtable("2026-06-10"))
    assert "its years cannot be counted" in page
    assert 'class="bar' not in page.split("Counts towards")[1].split("</section>")[0].replace("bar-text", "")


def test_before_the_agreement_took_effect_nothing_counts(roundtable, text):
    assert "Counts towards" not in text(roundtable("2025-03-31"))

"""What Concord watches of commitments and workstreams by itself: what slips, what is late, what has gone quiet."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Evidence
from commitments.presenters.watch import watched
from commitments.rules.rhythm import Span, standing_of_date, standing_of_rhythm
from engagements.presenters.inactivity import watched_workstreams
from tests.factories import AgreementDateFactory, CommitmentFactory, EngagementFactory, WorkstreamFactory

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)
YEAR = Span(dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def of(promise):
    """What is watched of a promise; None where it is not."""
    found = watched([promise.pk], NOON)
    return found[0] if found else None


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def agreement(cast):
    """In force since 1 April 2025."""
    cast.agreement.dates.all().delete()
    AgreementDateFactory(agreement=cast.agreement, kind="effective", on=dt.date(2025, 4, 1))
    return cast.agreement


@pytest.fixture
def promise(agreement):
    """Four roundtables a year, written down in April 2025."""
    with time_machine.travel(dt.datetime(2025, 4, 20, 12, tzinfo=dt.UTC)):
        return rhythm(agreement)


def rhythm(agreement, **fields):
    facts = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["roundtable"]}
    return CommitmentFactory(agreement=agreement, **facts | fields)


def held(agreement, day, **fields):
    return EngagementFactory(agreement=agreement, starts_on=day, **{"kind": "roundtable", "status": "held"} | fields)


# Since when


@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 364))
def test_a_rhythm_slips_or_is_late_since_the_first_day_on_which_it_would_have_been(target, number, planned, days):
    def on(day):
        return standing_of_rhythm(target, YEAR, number, planned, day)

    today = YEAR.first + days * DAY
    found = on(today)
    if found.since is None:
        assert found.state not in ("slipping", "late")
    else:
        run = [YEAR.first + n * DAY for n in range(days + 1)]
        assert on(found.since).state == found.state
        assert all(on(day).state == found.state for day in run if day >= found.since)
        assert all(on(day).state != found.state for day in run if day < found.since)


@pytest.mark.parametrize(
    ("due", "evidence", "since"),
    [(TODAY + 31 * DAY, 0, None), (TODAY + 30 * DAY, 0, TODAY), (TODAY + 30 * DAY, 1, None), (TODAY - DAY, 1, TODAY)],
)
def test_a_promise_with_a_date_slips_since_a_month_before_and_is_late_since_the_day_after(due, evidence, since):
    assert standing_of_date(due, None, evidence, TODAY).since == since


# Which are watched


def test_a_slipping_rhythm_is_watched_with_its_reason_and_its_year(agreement, promise):
    held(agreement, dt.date(2026, 5, 5))
    found = of(promise)
    assert (found.state, found.reason) == ("slipping", "1 of 4 held, none planned, 4 months left")
    assert (found.since, found.period, found.until) == (dt.date(2026, 10, 1), YEAR.first, YEAR.last)
    assert (found.quiet_since, found.last_on) == (dt.date(2026, 5, 5), dt.date(2026, 5, 5))


def test_what_is_met_or_told_in_words_or_of_an_agreement_not_in_force_is_not_watched(cast, agreement, promise):
    words = CommitmentFactory(agreement=agreement)
    due = {"measure": "due", "due_on": TODAY + 90 * DAY}
    met, open_one = (
        CommitmentFactory(agreement=agreement, met_on=TODAY, **due),
        CommitmentFactory(agreement=agreement, **due),
    )
    keys = [words.pk, met.pk, open_one.pk, promise.pk]
    assert [one.key for one in watched(keys, NOON)] == [promise.pk, open_one.pk]
    for number in range(4):
        held(agreement, dt.date(2026, 4, 2 + number))
    assert [one.key for one in watched(keys, NOON)] == [open_one.pk]
    for status in ("draft", "ended"):
        agreement.status = status
        agreement.save()
        assert watched(keys, NOON) == []


def test_it_is_quiet_since_what_counts_towards_it_was_held_last(agreement, promise):
    for day, fields in [
        (dt.date(2025, 6, 1), {}),
        (dt.date(2026, 1, 1), {"kind": "webinar"}),
        (dt.date(2026, 2, 1), {"is_public_event": True}),
        (dt.date(2026, 12, 1), {"status": "planned"}),
        (dt.date(2026, 3, 1), {"status": "cancelled"}),
    ]:
        held(agreement, day, **fields)
    assert of(promise).quiet_since == dt.date(2025, 6, 1)
    by_hand = held(agreement, dt.date(2025, 9, 9), kind="webinar")
    Evidence.objects.create(
        agreement=agreement, commitment=promise, engagement=by_hand, counts=True, reason="It was one."
    )
    assert of(promise).quiet_since == dt.date(2025, 9, 9)


def test_with_nothing_held_it_is_quiet_since_it_could_have_begun(agreement, promise):
    assert (of(promise).quiet_since, of(promise).last_on) == (dt.date(2025, 4, 20), None)
    agreement.dates.update(on=dt.date(2026, 7, 1))
    assert of(promise).quiet_since == dt.date(2026, 7, 1)


@pytest.mark.parametrize("number", [1, 4])
def test_it_asks_as_often_however_many_there_are(agreement, promise, number, django_assert_num_queries):
    keys = [promise.pk, *(rhythm(agreement).pk for _ in range(number))]
    with django_assert_num_queries(3):
        assert len(watched(keys, NOON)) == number + 1


# Workstreams


def put_in(engagement, workstream):
    engagement.workstreams.add(workstream, through_defaults={"agreement": engagement.agreement})


def test_a_workstream_is_quiet_since_the_day_of_what_was_held_for_it_last(agreement):
    cyber, other = (WorkstreamFactory(agreement=agreement) for _ in range(2))
    for day, stream, fields in [
        (dt.date(2026, 3, 3), cyber, {}),
        (dt.date(2025, 3, 3), cyber, {}),
        (dt.date(2026, 4, 4), cyber, {"is_public_event": True}),
        (dt.date(2026, 12, 4), cyber, {"status": "planned"}),
        (dt.date(2026, 9, 9), other, {}),
    ]:
        put_in(held(agreement, day, **fields), stream)
    assert watched_workstreams([cyber.pk]).get().quiet_since == dt.date(2026, 3, 3)


def test_a_workstream_with_nothing_held_counts_from_the_later_of_its_making_and_the_agreements_effect(agreement):
    cyber = WorkstreamFactory(agreement=agreement, created_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC))
    found = watched_workstreams([cyber.pk]).get()
    assert (found.quiet_since, found.last_on) == (dt.date(2026, 7, 1), None)
    agreement.dates.update(on=dt.date(2026, 10, 1))
    assert watched_workstreams([cyber.pk]).get().quiet_since == dt.date(2026, 10, 1)
    agreement.dates.all().delete()
    assert watched_workstreams([cyber.pk]).get().quiet_since == dt.date(2026, 7, 1)


def test_an_archived_workstream_or_one_of_an_agreement_not_in_force_is_not_watched(agreement):
    cyber, archived = WorkstreamFactory(agreement=agreement), WorkstreamFactory(agreement=agreement, archived_on=TODAY)
    assert list(watched_workstreams([cyber.pk, archived.pk])) == [cyber]
    agreement.status = "ended"
    agreement.save()
    assert not watched_workstreams([cyber.pk]).exists()

"""Compiled queries answer as if the ORM compiled them each time."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engagements.models import Engagement
from partnership.models import Membership
from records.compiled_queries import MOST_KEPT, Placeholder, compiled
from records.memberships import Memberships
from tests.factories import EngagementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    """One that counts how often it was put together: the titles since a day, in an agreement or in any."""
    times = []

    @compiled
    def titles(user, since, agreement=None, keys=None, newest_first=False):
        # tests/conftest.py puts it together with the arguments themselves too, to compare.
        times.extend([since] if isinstance(since, Placeholder) else [])
        rows = Engagement.objects.visible_to(user).filter(starts_on__gte=since)
        rows = rows if agreement is None else rows.of(agreement)
        rows = rows if keys is None else rows.filter(pk__in=keys)
        return rows.order_by("-title" if newest_first else "title").values_list("title", flat=True)

    titles.times = times
    return titles


@pytest.fixture
def three(cast):
    """Two engagements of the agreement, and one of another."""
    first = EngagementFactory(agreement=cast.agreement, title="First", starts_on=dt.date(2026, 5, 1))
    second = EngagementFactory(agreement=cast.agreement, title="Second", starts_on=dt.date(2026, 6, 1))
    other = EngagementFactory(agreement=cast.elsewhere, title="Other", starts_on=dt.date(2026, 6, 1))
    return first, second, other


MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


def test_it_is_put_together_once_and_answers_what_each_time_is_asked(cast, three, question):
    assert question(cast.officer, MAY) == ["First", "Second"]
    assert question(cast.viewer, since=JUNE) == ["Second"]
    assert question(cast.outsider, MAY) == ["Other"]
    assert len(question.times) == 1


def test_what_is_absent_or_true_makes_another_statement(cast, three, question):
    assert question(cast.administrator, MAY) == ["First", "Other", "Second"]
    assert question(cast.administrator, MAY, newest_first=True) == ["Second", "Other", "First"]
    assert question(cast.administrator, MAY, cast.agreement) == ["First", "Second"]
    assert question(cast.administrator, MAY, cast.elsewhere) == ["Other"]
    assert len(question.times) == 3


def test_an_administrator_and_a_member_are_never_asked_for_alike(cast, three, question):
    assert question(cast.officer, MAY) == ["First", "Second"]
    assert question(cast.administrator, MAY) == ["First", "Other", "Second"]
    assert question(cast.officer, MAY) == ["First", "Second"]


def test_the_memberships_of_the_gate_are_those_of_the_one_who_asks(cast, three, question):
    for user, sees in ((cast.officer, ["First", "Second"]), (cast.outsider, ["Other"])):
        user.request_memberships = Memberships(Membership.objects.filter(user=user))
        assert question(user, MAY) == sees
    cast.officer.request_memberships = Memberships()
    assert question(cast.officer, MAY) == []
    assert len(question.times) == 1


def test_a_visitor_sees_nothing(three, question):
    assert question(AnonymousUser(), MAY) == []


def test_a_list_of_keys_may_be_of_any_length(cast, three, question):
    keys = [one.pk for one in three]
    assert question(cast.officer, MAY, keys=keys[1:]) == ["Second"]
    assert question(cast.officer, MAY, keys=keys) == ["First", "Second"]
    assert len(question.times) == 1


def test_it_is_one_query(cast, three, question, django_assert_num_queries):
    question(cast.administrator, MAY)
    with django_assert_num_queries(1):
        question(cast.administrator, JUNE)


@pytest.mark.parametrize("value", [1.5, {}, [], ["a"], [1, "a"], object()])
def test_what_has_no_place_in_a_statement_is_refused(cast, question, value):
    with pytest.raises(TypeError, match="cannot be asked with"):
        question(cast.officer, value)


def test_what_looks_at_the_clock_is_found_out_by_the_tests(cast, three, time_machine):
    @compiled
    def since_today(user):
        return Engagement.objects.visible_to(user).filter(starts_on__gte=timezone.localdate())

    time_machine.move_to(dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))
    since_today(cast.officer)
    time_machine.move_to(dt.datetime(2026, 5, 2, 12, tzinfo=dt.UTC))
    with pytest.raises(AssertionError):
        since_today(cast.officer)


def test_a_search_for_a_quote_or_a_mark_asks_for_just_that(cast):
    @compiled
    def called(user, title):
        return Engagement.objects.visible_to(user).filter(title=title)

    for title in ("100% 'real'", "(%s/*place*/)", "%s"):
        made = EngagementFactory(agreement=cast.agreement, title=title)
        assert called(cast.officer, title) == [made]


def test_what_can_find_nothing_is_not_asked(cast, three, django_assert_num_queries):
    @compiled
    def of_no_kind(user):
        return Engagement.objects.visible_to(user).filter(kind__in=[])

    with django_assert_num_queries(0):
        assert of_no_kind(cast.officer) == []


def test_no_more_statements_are_kept_than_the_limit(cast):
    @compiled
    def engagements(user, kinds):
        return Engagement.objects.visible_to(user).filter(kind__in=kinds)

    for number in range(MOST_KEPT + 10):
        engagements(cast.officer, (f"kind {number}",))
    assert len(engagements.kept) == MOST_KEPT
    assert ("real", (f"kind {MOST_KEPT + 9}",)) in list(engagements.kept)[-1]

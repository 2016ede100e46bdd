"""The page that tells an agreement in plain words."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from partnership.models import AgreementDate
from tests.factories import AgreementDateFactory, AgreementFactory, MembershipFactory, PartyFactory

BUDGET = 6
"""Queries in all: session, user and membership are three of them."""


def page(client, agreement):
    return client.get(reverse("dashboards:about", args=[agreement.slug]))


@time_machine.travel("2026-11-24 12:00")
def test_it_says_which_day_of_which_agreement_year_it_is(cast, sign_in):
    response = page(sign_in(cast.viewer), cast.agreement)
    assert "Agreement year 2" in response.content.decode()
    assert (response.context["day"], response.context["percent"]) == (238, 65)


@time_machine.travel("2026-03-31 23:30Z")
def test_the_new_year_begins_at_midnight_in_london_not_in_utc(cast, sign_in):
    assert page(sign_in(cast.viewer), cast.agreement).context["year"].number == 2


@time_machine.travel("2025-03-31 12:00")
def test_before_it_takes_effect_there_is_no_year(cast, sign_in):
    assert "It takes effect on 1 April 2025." in page(sign_in(cast.viewer), cast.agreement).content.decode()


def test_without_an_effective_date_it_says_what_to_do(cast, sign_in):
    AgreementDate.objects.all().delete()
    assert "No date of it is known yet." in page(sign_in(cast.viewer), cast.agreement).content.decode()
    words = page(sign_in(cast.administrator), cast.agreement).content.decode()
    assert "Add the day it takes effect in Django admin" in words


@time_machine.travel("2026-11-24 12:00")
@pytest.mark.parametrize(("end", "warns"), [(dt.date(2026, 11, 23), True), (dt.date(2026, 11, 24), False)])
def test_an_end_that_has_passed_is_a_warning_and_closes_nothing(cast, sign_in, end, warns):
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=end, certainty="inferred")
    words = page(sign_in(cast.viewer), cast.agreement).content.decode()
    assert ("The end that is known of it has passed." in words) is warns
    assert "Agreement year 2" in words


def test_each_date_stands_with_its_certainty_and_source(cast, sign_in):
    AgreementDateFactory(
        agreement=cast.agreement,
        kind="end",
        on=dt.date(2027, 3, 31),
        certainty="unclear",
        source="No term is stated.",
        source_url="https://notice.example/1",
    )
    words = page(sign_in(cast.viewer), cast.agreement).content.decode()
    for text in ("31 March 2027", "unclear", "No term is stated.", 'href="https://notice.example/1"'):
        assert text in words


def test_it_names_who_acts_for_which_party(cast, sign_in):
    sides = page(sign_in(cast.viewer), cast.agreement).context["sides"]
    told = [(str(party) if party else "", [str(member.user) for member in members]) for party, members in sides]
    assert told == [("LGA", ["Lead", "Officer"]), ("techUK", ["Lead", "Officer"]), ("", ["Member"])]


def test_who_may_not_sign_in_is_not_named(cast, sign_in):
    cast.techuk_lead.is_active = False
    cast.techuk_lead.save()
    sides = dict(page(sign_in(cast.viewer), cast.agreement).context["sides"])
    assert [member.user for member in sides[cast.techuk]] == [cast.techuk_officer]


def test_an_agreement_without_parties_tells_an_administrator_what_to_do(cast, sign_in):
    empty = AgreementFactory(name="Empty", slug="empty")
    words = page(sign_in(cast.administrator), empty).content.decode()
    assert "Add the parties in Django admin" in words
    assert reverse("admin:partnership_agreement_change", args=[empty.pk]) in words


def test_only_its_members_and_administrators_find_it(cast, client, sign_in):
    assert page(client, cast.agreement).url.startswith("/accounts/login/")
    assert page(sign_in(cast.outsider), cast.agreement).status_code == 404
    assert page(sign_in(cast.administrator), cast.agreement).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_it_keeps_its_query_budget(cast, sign_in, count, django_assert_num_queries):
    for _ in range(count):
        MembershipFactory(agreement=cast.agreement, party=PartyFactory(agreement=cast.agreement), role="editor")
    client = sign_in(cast.viewer)
    with django_assert_num_queries(BUDGET):
        page(client, cast.agreement)

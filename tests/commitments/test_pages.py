"""The list of commitments, the page of one, its history, and who may open which."""

import datetime as dt
import re

import pytest

from commitments.models import Commitment, CommitmentWorkstream
from commitments.operations import delete_commitment, save_commitment
from tests.factories import CommitmentFactory, WorkstreamFactory

LIST_BUDGET, PAGE_BUDGET, HISTORY_BUDGET = 9, 12, 11
"""Queries in all: session, user and membership are three of them."""


def fill(cast, count):
    for number in range(count):
        commitment = CommitmentFactory(agreement=cast.agreement, given_by=cast.lga, given_to=cast.techuk)
        workstream = WorkstreamFactory(agreement=cast.agreement, name=f"Theme {Commitment.objects.count()} {number}")
        commitment.workstreams.add(workstream, through_defaults={"agreement": cast.agreement})


def test_the_list_groups_by_theme_and_says_who_how_and_how_surely(cast, sign_in, at):
    rhythm = {"measure": "rhythm", "rhythm_count": 1, "rhythm_period": "quarter", "rhythm_kinds": ["policy"]}
    CommitmentFactory(agreement=cast.agreement, theme="Policy", is_illustrative=True, **rhythm)
    CommitmentFactory(agreement=cast.agreement, theme="Governance", certainty="inferred")
    page = sign_in(cast.viewer).get(at("list")).content.decode()
    assert page.index("Policy</th>") < page.index("Governance</th>")
    for words in ("1 policy discussion a quarter", "Illustrative target", "Inferred", "All parties"):
        assert words in page


def test_the_list_and_the_page_say_what_a_state_means(cast, sign_in, at):
    late = CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date(2020, 1, 1))
    client = sign_in(cast.viewer)
    listed = client.get(at("list")).content.decode()
    assert "<strong>Slipping</strong>: fewer were held than should be by now" in listed
    assert at("rules") in listed
    assert (
        "Its time is over, or what is left of it is too short."
        in client.get(at("commitment", late.pk)).content.decode()
    )


def test_an_empty_list_says_what_to_do_first(cast, sign_in, at):
    assert at("new") in sign_in(cast.lead).get(at("list")).content.decode()
    page = sign_in(cast.viewer).get(at("list")).content.decode()
    assert "The leads of the parties add what the agreement promises." in page
    assert at("new") not in page


def test_the_page_links_the_source_and_the_history_for_officers(cast, sign_in, at, commitment):
    Commitment.objects.update(source="A notice", source_url="https://notice.example/1")
    page = sign_in(cast.officer).get(at("commitment", commitment.pk)).content.decode()
    assert 'href="https://notice.example/1"' in page
    assert at("history", commitment.pk) in page
    assert (
        at("history", commitment.pk) not in sign_in(cast.viewer).get(at("commitment", commitment.pk)).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_keeps_its_query_budget(cast, sign_in, at, count, django_assert_num_queries):
    fill(cast, count)
    client = sign_in(cast.viewer)
    with django_assert_num_queries(LIST_BUDGET):
        client.get(at("list"))


def test_the_list_can_be_cut_to_a_workstream_and_to_a_party(cast, sign_in, at):
    both = CommitmentFactory(agreement=cast.agreement, given_by=cast.lga, given_to=cast.techuk, title="LGA to techUK")
    CommitmentFactory(agreement=cast.agreement, given_by=cast.lga, title="LGA alone")
    CommitmentFactory(agreement=cast.agreement, title="All of them")
    CommitmentWorkstream.objects.create(agreement=cast.agreement, commitment=both, workstream=cast.workstream)

    def shown(query):
        page = sign_in(cast.viewer).get(at("list") + query).content.decode()
        return {title for title in ("LGA to techUK", "LGA alone", "All of them") if f"<bdi>{title}</bdi>" in page}

    assert shown("?workstream=procurement") == {"LGA to techUK"}
    assert shown(f"?party={cast.techuk.pk}") == {"LGA to techUK", "All of them"}
    assert shown(f"?workstream=procurement&party={cast.techuk.pk}&show=late") == set()


@pytest.mark.parametrize("query", ["workstream=nonsense", "party=0", "party=%00", "show=x", "workstream=theirs"])
def test_a_filter_that_is_not_known_is_said_and_left_out(cast, sign_in, at, commitment, query):
    WorkstreamFactory(agreement=cast.elsewhere, slug="theirs")
    page = sign_in(cast.viewer).get(f"{at('list')}?{query}").content.decode()
    assert re.search(
        rf"{query.split('=')[0].capitalize()}: .* is not one of the choices, so this filter is left out.", page
    )
    assert f"<bdi>{commitment.title}</bdi>" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_keeps_its_query_budget(cast, sign_in, at, count, django_assert_num_queries):
    fill(cast, count)
    client = sign_in(cast.viewer)
    with django_assert_num_queries(PAGE_BUDGET):
        client.get(at("commitment", Commitment.objects.first().pk))


@pytest.mark.parametrize("count", [1, 3])
def test_history_keeps_its_query_budget(cast, sign_in, at, commitment, count, django_assert_num_queries):
    for _ in range(count):
        workstream = WorkstreamFactory(agreement=cast.agreement)
        commitment.given_to = None if commitment.given_to else cast.techuk
        save_commitment(commitment, workstreams=[workstream], by=cast.lead)
    client = sign_in(cast.officer)
    with django_assert_num_queries(HISTORY_BUDGET):
        client.get(at("history", commitment.pk))


@pytest.mark.django_db(transaction=True)
def test_history_tells_who_changed_what_in_words(cast, sign_in, at, commitment):
    commitment.given_to, commitment.certainty = cast.techuk, "unclear"
    save_commitment(commitment, workstreams=[cast.workstream], by=cast.lead)
    first = sign_in(cast.officer).get(at("history", commitment.pk)).context["entries"][0]
    assert (first.who, first.verb) == ("Lead", "changed")
    assert set(first.changes) == {
        ("Given to", "", "techUK"),
        ("Certainty", "stated", "unclear"),
        ("Workstream", "", "Procurement"),
    }


def test_a_lead_deletes_a_commitment_after_a_question(cast, sign_in, at, commitment):
    client = sign_in(cast.lead)
    assert "Delete the commitment" in client.get(at("delete", commitment.pk)).content.decode()
    assert Commitment.objects.exists()
    assert client.post(at("delete", commitment.pk)).url == at("list")
    assert not Commitment.objects.exists()


def test_history_outlives_the_commitment(cast, commitment):
    delete_commitment(commitment, by=cast.lead)
    labels = Commitment.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(labels) == ["insert", "delete"]


PAGES = {
    "list": (200, 200, 200),
    "commitment": (200, 200, 200),
    "history": (403, 200, 200),
    "new": (403, 403, 200),
    "edit": (403, 403, 200),
    "delete": (403, 403, 200),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_role_opens_what_is_its_own_and_the_outsider_nothing(cast, client, sign_in, at, commitment, name):
    address = at(name, *([] if name in {"list", "new"} else [commitment.pk]))
    assert client.get(address).url.startswith("/accounts/login/")
    seen = [sign_in(user).get(address).status_code for user in (cast.viewer, cast.officer, cast.lead)]
    assert tuple(seen) == PAGES[name]
    assert sign_in(cast.outsider).get(address).status_code == 404
    assert sign_in(cast.outsider).post(address).status_code == 404


def test_a_commitment_of_another_agreement_is_not_found_under_this_one(cast, sign_in, at):
    other = CommitmentFactory(agreement=cast.elsewhere)
    for name in ("commitment", "edit", "delete", "history"):
        assert sign_in(cast.lead).get(at(name, other.pk)).status_code == 404

"""Commitments in Django admin."""

import pytest
from django.urls import reverse

from commitments.models import Commitment
from tests.factories import CommitmentFactory, WorkstreamFactory

LIST_BUDGET = 5


def address(name, *args):
    return reverse(f"admin:commitments_commitment_{name}", args=args)


@pytest.fixture
def admin_client(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)


def test_one_is_added_last_with_its_workstreams(admin_client, cast, commitment, filled):
    sent = filled(agreement=cast.agreement.pk, about=[cast.workstream.pk])
    admin_client.post(address("add"), sent)
    added = Commitment.objects.last()
    assert (added.title, added.position) == ("Four roundtables a year", 1)
    assert list(added.workstreams.all()) == [cast.workstream]


def test_a_change_here_tells_who_has_the_form_open_elsewhere(admin_client, commitment, filled):
    admin_client.post(address("change", commitment.pk), filled(title="Changed in admin"))
    commitment.refresh_from_db()
    assert (commitment.title, commitment.revision) == ("Changed in admin", 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"measure": "rhythm"}, "A rhythm needs how many (at least one) and in what period."),
        ({"measure": "due"}, "Give the date by which it is due."),
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_what_the_pages_forbid_is_not_possible_here(admin_client, commitment, filled, fields, sentence):
    response = admin_client.post(address("change", commitment.pk), filled(**fields))
    assert sentence in response.content.decode()
    commitment.refresh_from_db()
    assert commitment.revision == 1


def test_parties_and_workstreams_of_another_agreement_are_refused(admin_client, cast, commitment, filled):
    party, workstream = cast.elsewhere.parties.get(), WorkstreamFactory(agreement=cast.elsewhere)
    response = admin_client.post(address("change", commitment.pk), filled(given_by=party.pk))
    assert "This belongs to another agreement." in response.content.decode()
    sent = filled(agreement=cast.agreement.pk, about=[workstream.pk])
    response = admin_client.post(address("add"), sent)
    assert "One of these belongs to another agreement." in response.content.decode()
    assert Commitment.objects.get().revision == 1


def test_the_order_is_changed_in_the_list_and_workstreams_stay(admin_client, cast, commitment):
    commitment.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    row = {"form-0-id": commitment.pk, "form-0-position": "3", "_save": "Save"}
    admin_client.post(address("changelist"), row | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    commitment.refresh_from_db()
    assert (commitment.position, list(commitment.workstreams.all())) == (3, [cast.workstream])


def test_one_entered_by_mistake_is_deleted(admin_client, commitment):
    admin_client.post(address("delete", commitment.pk), {"post": "yes"})
    assert not Commitment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_page_and_history_open(admin_client, commitment):
    assert admin_client.get(address("change", commitment.pk)).status_code == 200
    assert "Added" in admin_client.get(address("history", commitment.pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_keeps_its_query_budget(admin_client, cast, count, django_assert_num_queries):
    CommitmentFactory.create_batch(count, agreement=cast.agreement)
    with django_assert_num_queries(LIST_BUDGET):
        admin_client.get(address("changelist"))

"""The list of organisations."""

import pytest
from django.urls import reverse

from contacts.models import Organisation
from tests.factories import OrganisationFactory, PersonFactory
from tests.markup import one_line


@pytest.fixture
def names(book, cast, sign_in):
    """``names("?q=mor")``: the names on that page of the list, besides the parties."""

    def read(query=""):
        response = sign_in(cast.viewer).get(reverse("contacts:organisations", args=[cast.agreement.slug]) + query)
        return [row.name for row in response.context["page_obj"] if not row.party_id]

    return read


@pytest.mark.parametrize("text", ["march", "EASTMARCH council", "ëastm"])
def test_an_organisation_is_found_by_any_part_of_its_names(names, text):
    assert names(f"?q={text}") == ["Eastmarch County Council"]


def test_the_list_can_be_of_one_kind_and_a_kind_there_is_not_filters_nothing(book, names):
    Organisation.objects.filter(pk=book.northmoor.pk).update(kind="council")
    assert names("?kind=council") == ["Northmoor Council"]
    assert names("?kind=pirates") == ["Eastmarch County Council", "Northmoor Council"]


def test_people_are_counted_without_those_who_left_and_the_number_leads_to_them(book, cast, sign_in):
    PersonFactory(agreement=book.agreement, organisation=book.northmoor, left_on="2026-01-31")
    page = sign_in(cast.viewer).get(reverse("contacts:organisations", args=[cast.agreement.slug]) + "?q=northmoor")
    people = reverse("contacts:people", args=[cast.agreement.slug])
    assert f'href="{people}?organisation={book.northmoor.pk}&amp;left=no" >1</a>' in one_line(page.content.decode())


def test_the_list_is_sorted_by_people_if_asked(book, names):
    PersonFactory(agreement=book.agreement, organisation=book.northmoor)
    assert names("?sort=-people") == ["Northmoor Council", "Eastmarch County Council"]


def test_no_organisation_of_another_agreement_is_listed(names):
    assert names("?q=secret") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_few_and_many(cast, sign_in, django_assert_num_queries, rows):
    for organisation in OrganisationFactory.create_batch(rows, agreement=cast.agreement):
        PersonFactory(agreement=cast.agreement, organisation=organisation)
    client = sign_in(cast.officer)
    with django_assert_num_queries(5):
        client.get(reverse("contacts:organisations", args=[cast.agreement.slug]))

"""The list of people."""

import pytest
from django.urls import reverse

from contacts.models import Person
from tests.factories import EngagementFactory, OrganisationFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def names(cast, sign_in):
    """``names("?q=mor")``: the names on that page of the list, as an officer sees it."""

    def read(query="", user=cast.officer):
        response = sign_in(user).get(reverse("contacts:people", args=[cast.agreement.slug]) + query)
        assert response.status_code == 200
        return [person.name for person in response.context["page_obj"]]

    return read


@pytest.fixture
def only(book):
    """Nobody but Morag and Priya, so that lists are short."""
    Person.objects.of(book.agreement).exclude(pk__in=[book.morag.pk, book.priya.pk]).delete()
    return book


@pytest.mark.parametrize("text", ["rag", "LEWIS mor", "morag@east", "eastm", "county morag", "Möràg"])
def test_a_person_is_found_by_any_part_of_name_email_or_organisation(only, names, text):
    assert names(f"?q={text}") == ["Morag Lewis"]


@pytest.mark.parametrize("text", ["%25", "_", "%5C", "zzz", "😀"])
def test_what_nobody_has_in_their_name_finds_nobody(only, names, text):
    assert names(f"?q={text}") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("\0", "it holds a character that cannot be looked for"), ("x" * 201, "at most 200 characters")],
)
def test_a_malformed_search_is_said_and_filters_nothing(only, cast, sign_in, text, sentence):
    page = sign_in(cast.officer).get(reverse("contacts:people", args=[cast.agreement.slug]), {"q": text})
    assert sentence in page.content.decode()
    assert len(page.context["page_obj"]) == 2


def test_the_list_can_be_of_one_organisation_by_key_or_name(only, names):
    assert names(f"?organisation={only.northmoor.pk}") == ["Priya Nair"]
    assert names("?organisation=northmoor+council") == ["Priya Nair"]


def test_an_unknown_organisation_is_said_and_filters_nothing(only, cast, sign_in):
    url = reverse("contacts:people", args=[cast.agreement.slug])
    for text in ("Nowhere", str(only.strangers.pk), "9" * 40):
        response = sign_in(cast.officer).get(url, {"organisation": text})
        assert f"No organisation is called “{text}”, so this filter is left out." in response.content.decode()
        assert len(response.context["page_obj"]) == 2


def test_those_who_left_can_be_shown_alone_or_left_out(only, names):
    Person.objects.filter(pk=only.priya.pk).update(left_on="2026-01-31")
    assert names("?left=yes") == ["Priya Nair"]
    assert names("?left=no") == ["Morag Lewis"]
    assert names("?left=perhaps") == ["Morag Lewis", "Priya Nair"]


def test_the_list_is_sorted_as_asked_and_by_name_when_asked_for_nonsense(only, names):
    assert names("?sort=-name") == ["Priya Nair", "Morag Lewis"]
    assert names("?sort=-organisation") == ["Priya Nair", "Morag Lewis"]
    assert names("?sort=drop+table") == ["Morag Lewis", "Priya Nair"]


def test_a_page_has_25_people_and_a_malformed_page_is_the_first_or_last(only, names):
    PersonFactory.create_batch(25, agreement=only.agreement)
    assert (len(names()), len(names("?page=2")), len(names("?page=x")), len(names("?page=999"))) == (25, 2, 25, 2)


def test_who_came_under_the_chatham_house_rule_is_not_counted_for_a_viewer(only, cast, sign_in):
    secret = EngagementFactory(agreement=only.agreement, chatham_house=True)
    ParticipationFactory(engagement=secret, person=only.morag, attendance="came")
    url = reverse("contacts:people", args=[cast.agreement.slug]) + "?q=morag"
    for user, times in ((cast.officer, 1), (cast.viewer, 0)):
        [morag] = sign_in(user).get(url).context["page_obj"]
        assert morag.times_came == times


def test_nobody_of_another_agreement_is_listed(book, names):
    assert names("?q=secret") == []


def test_an_outsider_does_not_learn_that_there_is_a_list(cast, sign_in):
    assert sign_in(cast.outsider).get(reverse("contacts:people", args=[cast.agreement.slug])).status_code == 404


def test_an_empty_list_says_what_to_do_first(cast, sign_in):
    Person.objects.of(cast.agreement).delete()
    url = reverse("contacts:people", args=[cast.agreement.slug])
    assert "name who came when you log an engagement" in sign_in(cast.officer).get(url).content.decode()
    assert "once an officer has added them" in sign_in(cast.viewer).get(url).content.decode()


def test_a_search_that_finds_nobody_offers_everyone(cast, sign_in):
    page = sign_in(cast.officer).get(reverse("contacts:people", args=[cast.agreement.slug]), {"q": "zzz"})
    assert "Nobody found" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_few_and_many(only, cast, sign_in, django_assert_num_queries, rows):
    for _ in range(rows):
        person = PersonFactory(agreement=only.agreement, organisation=OrganisationFactory(agreement=only.agreement))
        ParticipationFactory(engagement=EngagementFactory(agreement=only.agreement), person=person, attendance="came")
    client = sign_in(cast.officer)
    with django_assert_num_queries(7):
        client.get(reverse("contacts:people", args=[cast.agreement.slug]), {"organisation": only.northmoor.pk})

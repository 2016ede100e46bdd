"""The address book in Django admin."""

import pytest
from django.urls import reverse

from contacts.models import Organisation, Person
from tests.factories import OrganisationFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def admin(book, cast, sign_in):
    """A client that is signed in as the administrator."""
    return sign_in(cast.administrator)


def fields(person, **changes):
    """What the form of a person sends."""
    row = {"name": person.name, "organisation": person.organisation_id or "", "email": person.email}
    return row | {"job_title": "", "left_on": ""} | changes


def names(response):
    """The rows of a list."""
    return [row.name for row in response.context["cl"].result_list]


def test_a_person_is_found_by_any_part_of_a_name_whatever_the_accents(admin):
    assert names(admin.get(reverse("admin:contacts_person_changelist"), {"q": "möräg county"})) == ["Morag Lewis"]
    assert names(admin.get(reverse("admin:contacts_organisation_changelist"), {"q": "moor"})) == ["Northmoor Council"]


def test_the_filters_open(admin, cast):
    url = reverse("admin:contacts_person_changelist")
    response = admin.get(url, {"agreement__id__exact": cast.elsewhere.pk, "left_on__isempty": "1"})
    assert "Sam Secret" in names(response)
    assert "Morag Lewis" not in names(response)


def test_an_organisation_can_be_chosen_by_typing(admin):
    parameters = {"app_label": "contacts", "model_name": "person", "field_name": "organisation", "term": "north"}
    found = admin.get(reverse("admin:autocomplete"), parameters).json()["results"]
    assert [row["text"] for row in found] == ["Northmoor Council"]


def test_a_change_goes_through_the_verb(admin, book, cast):
    admin.post(reverse("admin:contacts_person_change", args=[book.morag.pk]), fields(book.morag, name="M Lewis"))
    event = Person.pgh_event_model.objects.filter(pgh_obj=book.morag).latest("pgh_id")
    assert (event.name, event.pgh_context.metadata["verb"]) == ("M Lewis", "save person")
    assert event.pgh_context.metadata["user"] == cast.administrator.pk


def test_a_person_can_be_added(admin, book):
    person = Person(name="Jo Reed", organisation=book.northmoor, email="jo@x.example")
    admin.post(reverse("admin:contacts_person_add"), fields(person, agreement=book.agreement.pk))
    assert Person.objects.get(name="Jo Reed").organisation == book.northmoor


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "PRIYA@northmoor.example"}, "Someone with this email is in the address book already."),
        ({"organisation": "strangers"}, "This belongs to another agreement."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_the_rules_forbid_is_refused_in_words(admin, book, changes, sentence):
    changes = {key: book.strangers.pk if value == "strangers" else value for key, value in changes.items()}
    url = reverse("admin:contacts_person_change", args=[book.morag.pk])
    assert sentence in admin.post(url, fields(book.morag, **changes)).content.decode()
    assert Person.objects.get(pk=book.morag.pk).name == "Morag Lewis"


def test_a_name_that_is_taken_is_refused_in_words(admin, book):
    url = reverse("admin:contacts_organisation_change", args=[book.northmoor.pk])
    page = admin.post(url, {"name": "eastmarch county council", "kind": "other", "short_name": "", "website": ""})
    assert "An organisation of this name is in the address book already." in page.content.decode()


def test_a_row_cannot_be_moved_to_another_agreement(admin, book, cast):
    url = reverse("admin:contacts_person_change", args=[book.morag.pk])
    admin.post(url, fields(book.morag, agreement=cast.elsewhere.pk, organisation=""))
    assert Person.objects.get(pk=book.morag.pk).agreement == cast.agreement


def test_who_is_named_in_the_record_cannot_be_deleted_and_is_told_why(admin, book):
    ParticipationFactory(engagement__agreement=book.agreement, person=book.morag)
    url = reverse("admin:contacts_person_delete", args=[book.morag.pk])
    page = admin.post(url, {"post": "yes"}, follow=True)
    assert "Morag Lewis cannot be deleted: the record names them." in page.content.decode()
    assert Person.objects.filter(pk=book.morag.pk).exists()


def test_who_was_entered_by_mistake_can_be_deleted(admin, book):
    admin.post(reverse("admin:contacts_person_delete", args=[book.morag.pk]), {"post": "yes"})
    assert not Person.objects.filter(pk=book.morag.pk).exists()


def test_the_person_of_a_member_and_the_organisation_of_a_party_stay(admin, cast):
    member = Person.objects.get(user=cast.officer, agreement=cast.agreement)
    for name, row in (("person", member), ("organisation", cast.lga.organisation)):
        assert admin.post(reverse(f"admin:contacts_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


def test_the_name_of_a_partys_organisation_is_the_partys(admin, cast):
    row = cast.lga.organisation
    admin.post(
        reverse("admin:contacts_organisation_change", args=[row.pk]), {"name": "X", "kind": "council", "website": ""}
    )
    row = Organisation.objects.get(pk=row.pk)
    assert (row.name, row.kind) == ("LGA", "council")


def test_history_tells_what_happened_on_the_pages_too(admin, book, cast, client):
    url = reverse("contacts:edit_person", args=[cast.agreement.slug, book.morag.pk])
    client.force_login(cast.officer)
    client.post(url, {"name": "Morag Reed", "organisation": "Northmoor Council"})
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:contacts_person_history", args=[book.morag.pk])).content.decode()
    for words in (str(cast.officer), "Morag Lewis", "Morag Reed", "Northmoor Council"):
        assert words in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_for_few_and_many(admin, book, django_assert_num_queries, rows):
    for _ in range(rows):
        PersonFactory(agreement=book.agreement, organisation=OrganisationFactory(agreement=book.agreement))
    with django_assert_num_queries(5):
        admin.get(reverse("admin:contacts_person_changelist"))

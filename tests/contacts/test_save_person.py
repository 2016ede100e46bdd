"""Adding and changing a person."""

import uuid

import pytest
from django.urls import reverse

from contacts.models import Organisation, Person


@pytest.fixture
def send(book, cast, sign_in):
    """``send(name="Jo")``: the form of a new person, or with ``person`` of that one, sent; the answer."""

    def post(person=None, user=cast.officer, **data):
        name, args = ("contacts:edit_person", [person.pk]) if person else ("contacts:new_person", [])
        return sign_in(user).post(reverse(name, args=[cast.agreement.slug, *args]), data)

    return post


def error(response, field):
    """What stands beside a field of the page that came back."""
    return list(response.context["form"].errors.get(field, []))


def test_an_officer_adds_a_person_at_an_organisation_found_by_name(send, book):
    response = send(name="Jo Reed", organisation="northmoor council", email="jo@x.example", job_title="Clerk")
    jo = Person.objects.get(name="Jo Reed")
    assert response["Location"] == jo.get_absolute_url()
    assert (jo.organisation, jo.job_title, jo.agreement) == (book.northmoor, "Clerk", book.agreement)


def test_an_organisation_that_is_not_there_yet_is_added_with_the_person(send, book):
    send(name="Jo Reed", organisation="Fenland Cloud")
    assert Person.objects.get(name="Jo Reed").organisation.name == "Fenland Cloud"


def test_only_a_name_is_required(send):
    assert error(send(name=" "), "name") == ["Give the name."]
    send(name="Jo Reed")
    assert Person.objects.get(name="Jo Reed").organisation is None


def test_an_email_that_somebody_has_is_refused_and_what_was_typed_is_kept(send):
    response = send(name="M Lewis", email="MORAG@eastmarch.example", job_title="Clerk")
    assert error(response, "email") == ["Morag Lewis, Eastmarch has this email already."]
    assert 'value="Clerk"' in response.content.decode()


def test_an_email_of_another_agreement_is_free_here(send):
    send(name="Sam", email="sam@secret.example")
    assert Person.objects.filter(name="Sam").exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "A" * 201}, "name"),
        ({"name": "A\0B"}, "name"),
        ({"name": "Jo", "organisation": "B" * 201}, "organisation"),
        ({"name": "Jo", "email": "jo@"}, "email"),
        ({"name": "Jo", "left_on": "31st of never"}, "left_on"),
    ],
)
def test_bad_input_is_refused_beside_its_field(send, data, field):
    before = Person.objects.count()
    assert error(send(**data), field)
    assert Person.objects.count() == before


@pytest.mark.parametrize("name", ["A" * 200, "😀 Smile", "مريم علي", "<b>Jo</b>"])
def test_an_unusual_name_is_saved_as_it_is_and_shown_as_text(send, name):
    response = send(name=name)
    person = Person.objects.get(name=name)
    assert response.status_code == 302
    assert "<b>Jo</b>" not in send(person=person, name="").content.decode()


def test_a_form_sent_twice_saves_once(send):
    key = uuid.uuid4()
    first, second = (send(name="Jo Reed", email="jo@x.example", form_key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Person.objects.filter(name="Jo Reed").count() == 1


def test_an_officer_changes_a_person(send, book):
    send(person=book.morag, name="Morag Lewis-Reed", organisation="Northmoor Council", left_on="2026-10-31")
    morag = Person.objects.get(pk=book.morag.pk)
    assert (morag.name, morag.organisation, morag.email, str(morag.left_on)) == (
        "Morag Lewis-Reed",
        book.northmoor,
        "",
        "2026-10-31",
    )


def test_the_form_of_a_person_begins_with_what_is_known(book, cast, sign_in):
    page = sign_in(cast.officer).get(reverse("contacts:edit_person", args=[cast.agreement.slug, book.morag.pk]))
    assert 'value="Eastmarch County Council"' in page.content.decode()


def test_a_person_keeps_their_own_email(send, book):
    assert send(person=book.morag, name="M Lewis", email=book.morag.email).status_code == 302


def test_a_new_person_can_be_begun_at_an_organisation(book, cast, sign_in):
    url = reverse("contacts:new_person", args=[cast.agreement.slug])
    assert (
        'value="Northmoor Council"'
        in sign_in(cast.officer).get(url, {"organisation": book.northmoor.pk}).content.decode()
    )
    assert "Secret" not in sign_in(cast.officer).get(url, {"organisation": book.strangers.pk}).content.decode()


def test_a_viewer_may_not_and_a_person_of_another_agreement_is_not_there(send, book, cast):
    assert send(user=cast.viewer, name="Jo").status_code == 403
    assert send(user=cast.outsider, name="Jo").status_code == 404
    assert send(person=book.stranger, name="Jo").status_code == 404
    assert not Person.objects.filter(name="Jo").exists()


def test_the_organisation_of_another_agreement_is_never_found(send, book):
    send(name="Jo Reed", organisation="Secret Council")
    assert Person.objects.get(name="Jo Reed").organisation != book.strangers
    assert Organisation.objects.filter(name="Secret Council").count() == 2


def test_history_knows_who_changed_a_person(send, book, cast):
    send(person=book.morag, name="M Lewis")
    event = Person.pgh_event_model.objects.filter(pgh_obj=book.morag, pgh_label="update").latest("pgh_id")
    assert (event.pgh_context.metadata["user"], event.pgh_context.metadata["verb"]) == (cast.officer.pk, "save person")

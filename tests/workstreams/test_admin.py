"""Workstreams in Django admin."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Person
from tests.factories import ActionFactory, EngagementFactory, PersonFactory, WorkstreamFactory
from tests.markup import one_line
from workstreams.models import Workstream, WorkstreamLead

NO_LEADS = {"leads-TOTAL_FORMS": "0", "leads-INITIAL_FORMS": "0"}
LIST_BUDGET = 7


def address(name, *args):
    return reverse(f"admin:workstreams_workstream_{name}", args=args)


@pytest.fixture
def admin_client(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)


def fields(**changed):
    return NO_LEADS | {"name": "Skills", "slug": "skills", "colour": "orange", "position": "1"} | changed


def lead(person, party):
    return {"leads-TOTAL_FORMS": "1", "leads-0-party": party.pk, "leads-0-person": person.pk}


def test_a_workstream_is_added_with_its_colour_and_a_lead(admin_client, cast):
    person = Person.objects.get(user=cast.officer)
    sent = fields(agreement=cast.agreement.pk) | lead(person, cast.lga)
    admin_client.post(address("add"), sent)
    workstream = Workstream.objects.get(slug="skills")
    assert workstream.colour == "orange"
    assert WorkstreamLead.objects.get(workstream=workstream).agreement == cast.agreement


def test_the_lead_of_another_agreement_is_refused_in_words(admin_client, cast):
    stranger = PersonFactory(agreement=cast.elsewhere)
    for where in (address("add"), address("change", cast.workstream.pk)):
        response = admin_client.post(where, fields(agreement=cast.agreement.pk) | lead(stranger, cast.lga))
        assert "This belongs to another agreement." in response.content.decode()
    assert not WorkstreamLead.objects.exists()


def test_a_name_that_is_taken_is_refused_in_words(admin_client, cast):
    WorkstreamFactory(agreement=cast.agreement, name="Skills", slug="skills")
    response = admin_client.post(address("change", cast.workstream.pk), fields(name="SKILLS"))
    assert response.status_code == 200
    assert response.context["errors"]
    cast.workstream.refresh_from_db()
    assert cast.workstream.name == "Procurement"


def test_a_colour_outside_the_twelve_is_refused(admin_client, cast):
    response = admin_client.post(address("change", cast.workstream.pk), fields(colour="#ff0000"))
    assert "Select a valid choice" in response.content.decode()


def test_its_address_and_agreement_never_change(admin_client, cast):
    admin_client.post(address("change", cast.workstream.pk), fields(agreement=cast.elsewhere.pk, slug="other"))
    cast.workstream.refresh_from_db()
    assert (cast.workstream.name, cast.workstream.slug) == ("Skills", "procurement")
    assert cast.workstream.agreement == cast.agreement


def test_the_order_is_changed_in_the_list(admin_client, cast):
    row = {"form-0-id": cast.workstream.pk, "form-0-position": "7", "_save": "Save"}
    admin_client.post(address("changelist"), row | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    cast.workstream.refresh_from_db()
    assert cast.workstream.position == 7


def test_it_is_archived_and_restored_from_the_list(admin_client, cast):
    chosen = {"_selected_action": [cast.workstream.pk]}
    admin_client.post(address("changelist"), chosen | {"action": "archive"})
    assert list(Workstream.objects.filter(archived_on=timezone.localdate())) == [cast.workstream]
    admin_client.post(address("changelist"), chosen | {"action": "restore"})
    assert list(Workstream.objects.current()) == [cast.workstream]


def test_one_with_work_is_not_deleted_and_admin_says_what_to_do_instead(admin_client, cast):
    EngagementFactory(agreement=cast.agreement).workstreams.add(
        cast.workstream, through_defaults={"agreement": cast.agreement}
    )
    response = admin_client.post(address("delete", cast.workstream.pk), {"post": "yes"}, follow=True)
    sentence = "Work has been done in Procurement, so it cannot be deleted. Archive it instead."
    assert sentence in response.content.decode()
    assert Workstream.objects.filter(pk=cast.workstream.pk).exists()


def test_one_with_an_action_is_not_deleted(admin_client, cast):
    ActionFactory(agreement=cast.agreement, workstream=cast.workstream)
    admin_client.post(address("delete", cast.workstream.pk), {"post": "yes"})
    assert Workstream.objects.filter(pk=cast.workstream.pk).exists()


def test_one_entered_by_mistake_is_deleted_with_its_leads(admin_client, cast):
    person = Person.objects.get(user=cast.officer)
    WorkstreamLead.objects.create(agreement=cast.agreement, workstream=cast.workstream, party=cast.lga, person=person)
    admin_client.post(address("delete", cast.workstream.pk), {"post": "yes"})
    assert not Workstream.objects.filter(pk=cast.workstream.pk).exists()


def test_many_are_never_deleted_at_once(admin_client, cast):
    sent = {"action": "delete_selected", "_selected_action": [cast.workstream.pk], "post": "yes"}
    admin_client.post(address("changelist"), sent)
    assert Workstream.objects.filter(pk=cast.workstream.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_its_history_tells_who_changed_what(admin_client, cast):
    person = Person.objects.get(user=cast.officer)
    admin_client.post(address("change", cast.workstream.pk), fields() | lead(person, cast.lga))
    page = one_line(admin_client.get(address("history", cast.workstream.pk)).content.decode())
    for words in ("Name: Skills, before: Procurement", "Colour: Orange, before: Blue", "Lead: Officer", "Admin"):
        assert words in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_keeps_its_query_budget(admin_client, cast, count, django_assert_num_queries):
    for workstream in WorkstreamFactory.create_batch(count, agreement=cast.agreement):
        person = PersonFactory(agreement=cast.agreement)
        WorkstreamLead.objects.create(agreement=cast.agreement, workstream=workstream, party=cast.lga, person=person)
    with django_assert_num_queries(LIST_BUDGET):
        admin_client.get(address("changelist"))


def test_its_page_opens_and_the_archived_are_found(admin_client, cast):
    assert admin_client.get(address("change", cast.workstream.pk)).status_code == 200
    page = admin_client.get(address("changelist"), {"archived": "yes", "q": "Procurement"}).content.decode()
    assert "0 workstreams" in page

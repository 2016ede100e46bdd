"""Committees: who sits on them, when they meet."""

import uuid

import pytest
from django.urls import reverse

from engagements.models import Committee, Seat
from tests.engagements.pages import address, day, held, planned, said
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory


@pytest.fixture
def committee(cast):
    """The Digital Committee, of which nothing else is known."""
    return CommitteeFactory(agreement=cast.agreement, name="Digital Committee")


@pytest.fixture
def pages(cast):
    """The addresses of the list and of the form for a new one."""
    return tuple(reverse(f"engagements:{name}", args=[cast.agreement.slug]) for name in ("committees", "new_committee"))


def text_of(response):
    return " ".join(response.content.decode().split())


# Reading


def test_what_is_not_known_yet_is_said_calmly(committee, cast, sign_in):
    page = text_of(sign_in(cast.viewer).get(committee.get_absolute_url()))
    for words in (
        "It is not known yet who sits on it.",
        "None is planned yet.",
        "None is recorded yet.",
        "how often is not known yet",
    ):
        assert words in page


def test_a_partys_seat_is_seen_as_the_organisations_with_holder_and_deputy(committee, cast, sign_in):
    callum, farah = (PersonFactory(agreement=cast.agreement, name=name) for name in ("Callum Reeve", "Farah Siddiqui"))
    SeatFactory(
        committee=committee,
        organisation=cast.techuk.organisation,
        holder=callum,
        deputy=farah,
        starts_on="2025-09-10",
    )
    page = text_of(sign_in(cast.viewer).get(committee.get_absolute_url()))
    assert "<strong><bdi>techUK</bdi></strong>" in page
    assert "held by" in page
    assert "Callum Reeve" in page
    assert "deputy" in page
    assert "Farah Siddiqui" in page
    assert "from 10 September 2025" in page


def test_the_chair_comes_first_and_seats_that_ended_stand_apart(committee, cast, sign_in):
    for name, role, ends_on in [
        ("Member", "member", None),
        ("Vice", "vice_chair", None),
        ("Chair", "chair", day(0)),
        ("Gone", "chair", day(-1)),
        ("Long gone", "member", day(-90)),
    ]:
        organisation = OrganisationFactory(agreement=cast.agreement, name=name)
        SeatFactory(committee=committee, organisation=organisation, role=role, ends_on=ends_on)
    page = sign_in(cast.viewer).get(committee.get_absolute_url()).context["page"]
    assert [str(seat.organisation) for seat in page.seats_now] == ["Chair", "Vice", "Member"]
    assert [str(seat.organisation) for seat in page.former_seats] == ["Gone", "Long gone"]


def test_its_meetings_lead_to_their_records(committee, cast, sign_in):
    coming = planned(cast, kind="committee", committee=committee)
    before = held(cast, kind="committee", committee=committee)
    held(cast, kind="committee")
    response = sign_in(cast.viewer).get(committee.get_absolute_url())
    page = response.context["page"]
    assert (page.coming, page.past_shown) == ([coming], [before])
    for meeting in (coming, before):
        assert f'href="{meeting.get_absolute_url()}"' in response.content.decode()


def test_ten_past_meetings_are_shown_and_the_rest_is_a_link(committee, cast, sign_in):
    for number in range(11):
        held(cast, kind="committee", committee=committee, starts_on=day(-number - 1))
    response = sign_in(cast.viewer).get(committee.get_absolute_url())
    assert len(response.context["page"].past_shown) == 10
    assert "All meetings of this committee" in response.content.decode()


def test_the_list_says_who_hosts_and_when_it_meets_next(committee, pages, cast, sign_in):
    Committee.objects.update(host=cast.lga.organisation)
    SeatFactory(committee=committee, organisation=cast.techuk.organisation)
    SeatFactory(committee=committee, organisation=cast.lga.organisation, ends_on=day(-1))
    meeting = planned(cast, kind="committee", committee=committee)
    page = text_of(sign_in(cast.viewer).get(pages[0]))
    assert "<bdi>LGA</bdi> · 1 seat known" in page
    assert f'href="{meeting.get_absolute_url()}"' in page


def test_an_empty_list_says_who_can_add_one(pages, cast, sign_in):
    assert "Add the first committee" in sign_in(cast.lead).get(pages[0]).content.decode()
    assert "Add the first committee" not in sign_in(cast.officer).get(pages[0]).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_and_page_cost_the_same_however_much_there_is(
    number, committee, pages, cast, sign_in, django_assert_num_queries
):
    for _ in range(number):
        another = CommitteeFactory(agreement=cast.agreement, host=OrganisationFactory(agreement=cast.agreement))
        for one in (committee, another):
            person = PersonFactory(agreement=cast.agreement, organisation=OrganisationFactory(agreement=cast.agreement))
            SeatFactory(committee=one, organisation=OrganisationFactory(agreement=cast.agreement), holder=person)
            planned(cast, kind="committee", committee=one)
            held(cast, kind="committee", committee=one)
    client = sign_in(cast.lead)
    with django_assert_num_queries(5):
        client.get(pages[0])
    with django_assert_num_queries(8):
        client.get(committee.get_absolute_url())


# Adding and changing


def sent(**fields):
    return {"form_key": str(uuid.uuid4()), "name": "Digital Committee"} | fields


def test_a_name_is_enough_for_a_committee(pages, cast, sign_in):
    response = sign_in(cast.lead).post(pages[1], sent(), follow=True)
    assert said(response) == ["The committee is saved."]
    committee = Committee.objects.get()
    assert (committee.name, committee.host, committee.purpose) == ("Digital Committee", None, "")


def test_its_host_is_found_in_the_contacts_or_added_to_them(pages, cast, sign_in):
    client = sign_in(cast.lead)
    client.post(pages[1], sent(name="One", host_named="lga"))
    client.post(pages[1], sent(name="Two", host_named="New Body"))
    assert Committee.objects.get(name="One").host == cast.lga.organisation
    assert Committee.objects.get(name="Two").host.name == "New Body"


def test_sent_twice_it_is_saved_once(pages, cast, sign_in):
    client, data = sign_in(cast.lead), sent()
    assert client.post(pages[1], data)["Location"] == client.post(pages[1], data)["Location"]
    assert Committee.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"name": ""}, "name", "Give the committee's name."),
        ({"name": "DIGITAL committee"}, "name", "A committee of this name is there already."),
        ({"name": "x" * 201}, "name", "This has 201 characters, at most 200 are possible."),
        ({"name": "X", "papers_days": "0"}, "papers_days", "Papers can be due 1 to 60 working days before a meeting."),
        ({"name": "X", "papers_days": "-1"}, "papers_days", "Papers can be due 1 to 60 working days before a meeting."),
        ({"name": "X", "papers_days": "61"}, "papers_days", "Papers can be due 1 to 60 working days before a meeting."),
        ({"name": "X", "papers_days": "a week"}, "papers_days", "Give a whole number of days, such as 5."),
        (
            {"name": "X", "web_page": "javascript:alert(1)"},
            "web_page",
            "Give a web address that begins with https:// or http://.",
        ),
        ({"name": "X", "host_named": "y" * 201}, "host_named", "This name has 201 characters"),
    ],
)
def test_a_committee_that_cannot_be_saved_is_refused_beside_its_field(
    fields, name, error, committee, pages, cast, sign_in
):
    response = sign_in(cast.lead).post(pages[1], sent(**fields))
    form = response.context["form"]
    assert list(form.errors) == [name]
    assert error in form.errors[name][0]
    assert Committee.objects.get() == committee


def test_a_committee_is_changed(committee, cast, sign_in):
    data = {"name": "Digital Board", "host_named": "", "how_often": "Four times a year", "purpose": "Strategy"}
    sign_in(cast.techuk_lead).post(address("edit_committee", committee), data)
    committee.refresh_from_db()
    assert (committee.name, committee.how_often, committee.purpose) == (
        "Digital Board",
        "Four times a year",
        "Strategy",
    )


@pytest.fixture
def new_seat(committee):
    """The address of the form for a new seat."""
    return address("new_seat", committee)


def seat(**fields):
    return {"form_key": str(uuid.uuid4()), "whose": "techUK", "role": "member"} | fields


def test_a_seat_is_an_organisations_whoever_holds_it(new_seat, committee, cast, sign_in):
    response = sign_in(cast.lead).post(new_seat, seat(), follow=True)
    assert said(response) == ["The seat is saved."]
    made = Seat.objects.get()
    assert (made.committee, made.organisation, made.holder) == (committee, cast.techuk.organisation, None)
    assert "who holds it is not known yet" in response.content.decode()


def test_a_seat_has_a_holder_a_deputy_and_days(new_seat, cast, sign_in):
    for name in ("Callum Reeve", "Farah Siddiqui"):
        PersonFactory(agreement=cast.agreement, name=name)
    data = seat(held_by="Callum Reeve", stood_in_by="Farah Siddiqui", starts_on="2025-09-10", ends_on="2027-03-31")
    sign_in(cast.lead).post(new_seat, data)
    made = Seat.objects.get()
    assert (made.holder.name, made.deputy.name) == ("Callum Reeve", "Farah Siddiqui")
    assert (str(made.starts_on), str(made.ends_on)) == ("2025-09-10", "2027-03-31")


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"whose": ""}, "whose", "Say whose seat it is: an organisation, a person or both."),
        ({"held_by": "Nobody"}, "held_by", "No match for “Nobody”. Select a person or add a new contact."),
        ({"held_by": "LGA"}, "held_by", "“LGA” is an organisation: name a person."),
        (
            {"held_by": "Officer, LGA", "stood_in_by": "Officer, LGA"},
            "stood_in_by",
            "The deputy must be somebody else than the holder.",
        ),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-31"}, "ends_on", "A seat cannot end before it begins."),
        ({"starts_on": "31 February"}, "starts_on", "Give a date such as 12 May 2026."),
        ({"role": "king"}, "role", "Choose a role."),
    ],
)
def test_a_seat_that_cannot_be_saved_is_refused_beside_its_field(fields, name, error, new_seat, cast, sign_in):
    response = sign_in(cast.lead).post(new_seat, seat(**fields))
    form = response.context["form"]
    assert list(form.errors) == [name]
    assert form.errors[name] == [error] or error in form.errors[name][0]
    assert not Seat.objects.exists()


def test_a_seat_sent_twice_is_saved_once(new_seat, cast, sign_in):
    client, data = sign_in(cast.lead), seat()
    for _ in range(2):
        client.post(new_seat, data)
    assert Seat.objects.count() == 1


def test_a_seat_gets_its_last_day(committee, cast, sign_in):
    made = SeatFactory(committee=committee, organisation=cast.techuk.organisation)
    path = address("edit_seat", committee, seat=made.pk)
    client = sign_in(cast.lead)
    assert "techUK" in client.get(path).content.decode()
    client.post(path, {"whose": "techUK", "role": "member", "ends_on": "2026-01-31"})
    made.refresh_from_db()
    assert (str(made.ends_on), made.organisation) == ("2026-01-31", cast.techuk.organisation)


def test_a_seat_entered_by_mistake_is_deleted_after_a_question(committee, cast, sign_in):
    made = SeatFactory(committee=committee, organisation=cast.techuk.organisation)
    path = address("delete_seat", committee, seat=made.pk)
    client = sign_in(cast.lead)
    assert "Delete this seat?" in client.get(path).content.decode()
    client.post(path)
    assert not Seat.objects.exists()


@pytest.mark.parametrize("name", ["edit_committee", "new_seat", "edit_seat", "delete_seat"])
def test_only_leads_change_committees_and_outsiders_find_none(name, committee, cast, sign_in):
    made = SeatFactory(committee=committee, organisation=cast.techuk.organisation)
    path = address(name, committee, **({"seat": made.pk} if name in ("edit_seat", "delete_seat") else {}))
    for who, status in (("officer", 403), ("viewer", 403), ("administrator", 403), ("outsider", 404)):
        assert sign_in(getattr(cast, who)).post(path, sent(name="Mine")).status_code == status
    assert Committee.objects.get().name == "Digital Committee"
    assert Seat.objects.count() == 1


def test_a_seat_is_not_found_below_another_committee(committee, cast, sign_in):
    made = SeatFactory(committee=committee, organisation=cast.techuk.organisation)
    other = CommitteeFactory(agreement=cast.agreement)
    assert sign_in(cast.lead).get(address("edit_seat", other, seat=made.pk)).status_code == 404

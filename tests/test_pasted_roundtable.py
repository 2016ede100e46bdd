"""The most frequent job: yesterday's roundtable, with twelve people pasted from Outlook's attendee line."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Organisation, Person
from engagements.models import Engagement
from tests.browser import axe_findings, choose, enter
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINE = (
    "Okafor, Chidi (LGA); Smith, Jane; O'Dowd, Ann (Kent County Council); Lewis, Morag; van der Berg, Anna (Fenland "
    "Cloud); Cllr Nair, Priya MBE (Northmoor Council); Reed, Jo; Hale, Tom (Acme Ltd); Li, Xu; Mensah, Kofi (DSIT); "
    "Khan, Ali (Reading Borough Council); Dr Moran, James"
)
PEOPLE = {
    "Chidi Okafor": ("", "", "LGA"),
    "Jane Smith": ("", "", ""),
    "Ann O'Dowd": ("", "", "Kent County Council"),
    "Morag Lewis": ("", "", "Eastmarch County Council"),
    "Anna van der Berg": ("", "", "Fenland Cloud"),
    "Priya Nair": ("Cllr", "MBE", "Northmoor Council"),
    "Jo Reed": ("", "", ""),
    "Tom Hale": ("", "", "Acme Ltd"),
    "Xu Li": ("", "", ""),
    "Kofi Mensah": ("", "", "DSIT"),
    "Ali Khan": ("", "", "Reading Borough Council"),
    "James Moran": ("Dr", "", ""),
}
PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData("text", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_yesterdays_roundtable_with_twelve_people_takes_eight_interactions(cast, live_server, page, problems):
    eastmarch = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council")
    morag = PersonFactory(agreement=cast.agreement, name="Morag Lewis", organisation=eastmarch)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/agreements/{cast.agreement.slug}/")
    interactions = []

    def do(what, action):
        interactions.append(what)
        action()

    do("log", lambda: page.get_by_role("link", name="Log engagement").first.click())
    do("title", lambda: page.get_by_label("Title").fill("AI in councils"))
    do("kind", lambda: choose(page, "Roundtable"))
    do("date", lambda: page.get_by_label("Date", exact=True).fill(yesterday.isoformat()))
    do("workstream", lambda: choose(page, "Procurement"))
    who = page.get_by_role("combobox", name="Who came")
    do("to the people", who.focus)
    do("paste", lambda: page.evaluate(PASTE, [who.element_handle(), LINE]))
    expect(page.locator("[data-people-summary]")).to_have_text("12 people: 1 already in contacts, 11 new.")
    assert axe_findings(page) == []
    do("save", lambda: page.get_by_role("button", name="Save engagement").first.click())
    expect(page.get_by_role("heading", level=1)).to_have_text("AI in councils")

    engagement = Engagement.objects.get(title="AI in councils")
    came = engagement.participations.select_related("person__organisation")
    found = {
        place.person.name: (
            place.person.title,
            place.person.honours,
            place.person.organisation.name if place.person.organisation else "",
        )
        for place in came
    }
    assert found == PEOPLE
    assert {place.attendance for place in came} == {"came"}
    assert engagement.participations.filter(person=morag).exists()
    assert Person.objects.of(cast.agreement).filter(name__in=PEOPLE).count() == 12
    assert Organisation.objects.of(cast.agreement).filter(name="LGA").count() == 1
    expect(page.get_by_text("Cllr Priya Nair MBE")).to_be_visible()
    assert len(interactions) == 8, interactions
    assert problems == []


def test_apologies_that_are_pasted_are_recorded(cast, live_server, page):
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/agreements/{cast.agreement.slug}/engagements/new/")
    page.get_by_label("Title").fill("Minutes")
    choose(page, "Workshop")
    page.get_by_label("Date", exact=True).fill((timezone.localdate() - dt.timedelta(days=1)).isoformat())
    who = page.get_by_role("combobox", name="Who came")
    who.focus()
    page.evaluate(PASTE, [who.element_handle(), "Present: Jane Smith (LGA), Bob Jones\nApologies: Ann O'Dowd; Xu Li"])
    expect(page.get_by_label("Attendance of Xu Li")).to_have_value("apologies")
    page.get_by_label("Attendance of Xu Li").select_option("Did not attend")
    page.get_by_role("button", name="Save engagement").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minutes")
    places = Engagement.objects.get(title="Minutes").participations.select_related("person")
    assert {place.person.name: place.attendance for place in places} == {
        "Jane Smith": "came",
        "Bob Jones": "came",
        "Ann O'Dowd": "apologies",
        "Xu Li": "absent",
    }

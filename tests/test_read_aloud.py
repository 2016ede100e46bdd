"""The ten pages that are used most, as they are read aloud."""

import datetime as dt
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import enter
from tests.engagements.pages import held, planned
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
)
from tests.read_aloud import Heard, name_of, value_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAYS_NOTHING = {"", "here", "more", "edit", "delete", "remove", "change", "open", "read more", "link", "click here"}
PAGES = [
    "dashboards:dashboard",
    "dashboards:my_week",
    "engagements:list",
    "engagements:record",
    "engagements:quick_log",
    "engagements:full_log",
    "engagements:calendar",
    "engagements:actions",
    "commitments:list",
    "commitments:commitment",
]


@pytest.fixture
def full(cast):
    """Two of each thing, so that what is called alike shows; gives what fills the addresses."""
    me = cast.agreement.people.get(user=cast.lead)
    engagement = held(cast, title="Buying well", outcomes="Agreed.", logged_by=me)
    for title in ("Lending well", "Selling well"):
        coming = planned(cast, title=title)
        ParticipationFactory(engagement=coming, person=me)
    for number in range(2):
        person = PersonFactory(agreement=cast.agreement)
        ParticipationFactory(engagement=engagement, person=person)
        DecisionFactory(engagement=engagement)
        NoteFactory(engagement=engagement, written_by=me, text=f"Thought {number}.")
        DocumentFactory(engagement=engagement, added_by=me, name=f"agenda-{number}.txt")
        owner = {"owner_person": me, "owner_organisation": None}
        ActionFactory(agreement=cast.agreement, engagement=engagement, **owner)
        ActionFactory(agreement=cast.agreement, due_on=timezone.localdate() - dt.timedelta(days=3), **owner)
        commitment = CommitmentFactory(agreement=cast.agreement, theme=f"Theme {number}")
        EvidenceFactory(commitment=commitment, engagement=engagement)
        EvidenceFactory(commitment=commitment, engagement=held(cast))
    engagement.workstream_links.create(agreement=cast.agreement, workstream=cast.workstream)
    return {"engagements:record": engagement.pk, "commitments:commitment": commitment.pk}


@pytest.fixture
def hear(cast, full, live_server, page):
    """``hear(name, width, query)`` opens a page as a lead and listens."""
    enter(page, live_server, cast.lead)

    def listen(name, width=1280, query=""):
        page.set_viewport_size({"width": width, "height": 844})
        args = [cast.agreement.slug] + ([full[name]] if name in full else [])
        page.goto(live_server.url + reverse(name, args=args) + query)
        return Heard(page)

    return listen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_makes_sense_to_somebody_who_hears_it(name, hear):
    for width in (1280, 390):
        heard = hear(name, width)
        levels = [level for level, _ in heard.headings()]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert all(words for _, words in heard.headings())
        assert len(heard.of("banner")) == len(heard.of("main")) == len(heard.of("contentinfo")) == 1
        for role in ("navigation", "region", "search", "form"):
            names = heard.names(role)
            # A form or a search without a name is no landmark.
            assert all(names) or role in ("form", "search"), f"a {role} without a name among {names}"
            assert len(set(filter(None, names))) == len([*filter(None, names)]), f"several of a name: {role} {names}"
        assert not [word for word in heard.names("link", "button") if word.lower() in SAYS_NOTHING - {"edit"}]
        assert heard.two_of_a_name() == {}, width


@pytest.mark.parametrize("name", PAGES)
def test_a_table_says_for_each_cell_whose_it_is(name, hear):
    for width in (1280, 390):
        heard = hear(name, width)
        for table in heard.of("table"):
            assert name_of(table), f"a table without a name on {name}"
            assert all(name_of(head) for head in heard.below(table, "columnheader"))
            if name == "engagements:calendar":
                continue  # each day says its own date
            for row in heard.below(table, "row"):
                cells = heard.below(row, "cell", "gridcell")
                assert not cells or heard.below(row, "rowheader"), f"whose is {name_of(cells[0])}?"


def test_the_chart_says_that_its_figures_stand_below_and_they_do(hear, page):
    heard = hear("dashboards:dashboard", query="?period=last-12-months")
    assert any("The same figures stand in the table below" in words for words in heard.names("image", "img"))
    page.get_by_text("Show as table").click()
    assert "Engagements by month" in " ".join(Heard(page).names("table"))


def test_what_is_wrong_is_announced_and_tied_to_its_field(hear, page):
    hear("engagements:quick_log")
    page.get_by_role("button", name="Save engagement").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Nothing is saved yet")
    title = next(node for node in Heard(page).of("textbox") if name_of(node) == "Title")
    assert value_of(title, "invalid") == "true"
    assert "title" in title["description"]["value"].lower()


def test_how_many_are_found_is_announced(hear, page):
    heard = hear("engagements:list")
    assert [value_of(node, "live") for node in heard.of("status")] == ["polite"] * len(heard.of("status"))
    page.get_by_label("Find in titles").fill("selling")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#announcer")).to_have_text("1 found")


def test_that_an_action_is_done_is_announced(hear, page):
    hear("engagements:actions")
    page.get_by_role("button", name="Done").first.click()
    expect(page.locator("#announcer")).to_contain_text("done")

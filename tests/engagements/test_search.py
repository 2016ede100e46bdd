"""Finding engagements by words."""

import pytest

from engagements import search
from tests.engagements.lists import figures, list_page, problems, shown
from tests.engagements.pages import day, held, person_of
from tests.factories import (
    DecisionFactory,
    DocumentFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)


@pytest.fixture
def find(cast, sign_in):
    """The titles that a search brings to ``who``."""

    def get(words, who="officer", **filters):
        data = {"q": words} | filters
        return shown(sign_in(getattr(cast, who)).get(list_page(cast), data))

    return get


@pytest.fixture
def talk(cast):
    """An engagement with words in all its parts."""
    talk = held(
        cast,
        title="Buying safely",
        summary="How councils procure zebras",
        outcomes="A guide to markets",
        venue="Café Québec",
    )
    held(cast, title="Another")
    DecisionFactory(engagement=talk, text="The parties publish a handbook.")
    organisation = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council", short_name="ECC")
    talk.hosts.add(cast.techuk.organisation, through_defaults={"agreement": cast.agreement})
    person = PersonFactory(agreement=cast.agreement, name="Zoë Müller")
    ParticipationFactory(engagement=talk, person=person, organisation=organisation)
    return talk


@pytest.mark.parametrize(
    "words",
    [
        "buying",
        "BUY SAFELY",
        "zebra",
        "procurement zebras",
        "guide markets",
        '"guide to markets"',
        "quebec",
        "handbook",
        "publishing handbooks",
        "zoe",
        "muller zoë",
        "ller",
        "eastmarch",
        "county east",
        "ecc",
        "techuk",
        "giraffe or zebra",
    ],
)
def test_it_finds_by_title_texts_venue_decisions_people_and_organisations(talk, find, words):
    assert find(words) == ["Buying safely"]


@pytest.mark.parametrize(
    "words", ["giraffe", "zebra giraffe", "zebra -guide", "zoe somebody", "the", "%", "_", '"', "'", "\\", "🦓"]
)
def test_it_does_not_find_what_is_not_there(talk, find, words):
    assert find(words) == []


def test_a_search_and_filters_narrow_each_other(cast, talk, find):
    EngagementFactory(agreement=cast.agreement, title="Zebras again", kind="webinar", starts_on=day(-1))
    assert find("zebras") == ["Zebras again", "Buying safely"]
    assert find("zebras", kind="webinar") == ["Zebras again"]
    assert find("zebras", sort="title") == ["Buying safely", "Zebras again"]


def test_nothing_of_another_agreement_is_found(cast, find):
    other = EngagementFactory(agreement=cast.elsewhere, title="Zebras")
    DecisionFactory(engagement=other, text="zebras")
    ParticipationFactory(engagement=other, person=PersonFactory(agreement=cast.elsewhere, name="Zebras"))
    assert find("zebras") == []


def test_no_note_and_no_document_is_ever_searched(cast, talk, find):
    NoteFactory(engagement=talk, party=cast.techuk, text="Between us: hippopotamus")
    NoteFactory(engagement=talk, text="For all: hippopotamus")
    DocumentFactory(engagement=talk, party=cast.techuk, name="hippopotamus.txt")
    for who in ("officer", "techuk_officer", "viewer"):
        assert find("hippopotamus", who) == []


def test_under_the_chatham_house_rule_names_are_found_by_officers_and_by_the_person_alone(cast, find):
    organisation = OrganisationFactory(agreement=cast.agreement, name="Eastmarch")
    engagement = held(cast, title="Quiet talk", chatham_house=True)
    person = PersonFactory(agreement=cast.agreement, name="Zoë Müller")
    ParticipationFactory(engagement=engagement, person=person, organisation=organisation)
    ParticipationFactory(engagement=engagement, person=person_of(cast.viewer, cast.agreement))
    for words in ("zoe", "eastmarch"):
        assert find(words) == find(words, "techuk_lead") == ["Quiet talk"]
        assert find(words, "viewer") == find(words, "administrator") == []
    assert find("member", "viewer") == ["Quiet talk"]
    assert find("quiet", "viewer") == ["Quiet talk"]


def test_where_too_many_are_found_the_newest_are_shown_and_it_is_said(cast, sign_in, monkeypatch):
    monkeypatch.setattr(search, "MOST_HITS", 3)
    for number in range(5):
        EngagementFactory(agreement=cast.agreement, title=f"Zebra {number}", starts_on=day(-number))
    response = sign_in(cast.officer).get(list_page(cast, "q=zebra&sort=title"))
    assert shown(response) == ["Zebra 0", "Zebra 1", "Zebra 2"]
    assert "only the newest 3 are shown" in response.content.decode()
    assert figures(response) == "over 3 of 5"
    assert problems(response) == []


def test_what_was_searched_for_stands_in_the_box_and_is_escaped(cast, sign_in):
    page = sign_in(cast.officer).get(list_page(cast), {"q": '"><script>'}).content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;"' in page
    assert "<script>" not in page.replace("<script ", "")

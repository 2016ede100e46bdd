"""Finding engagements by words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.presenters import search
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
        "zebra müll",
        "handbook eastmarch buying zoe",
        "quebec techuk",
        "procu",
        "handb",
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
    "words",
    ["giraffe", "zebra giraffe", "zebra -guide", "zoe somebody", "ller", "ebra", "%", "_", '"', "'", "\\", "🦓"],
)
def test_it_does_not_find_what_is_not_there(talk, find, words):
    assert find(words) == []


TITLES = [
    "Who does what",
    "To be or not to be",
    "IT procurement: what next?",
    "5 - 10 year outlook",
    "techUK & LGA: 5G roll-out (phase 2)",
    "C++ and C#, -O2",
    "100%_sure? [draft] \\1",
    "The council’s “AI” day – year 2/3",
    "¿Qué? ½ day",
    "???",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_finds_its_engagement_first_whatever_it_holds(cast, find, title):
    held(cast, title=title, starts_on=day(-300))
    newer = [f"About it: {title}", f"{title} again", "Digital who next year day phase procurement"]
    for number, other in enumerate(newer):
        held(cast, title=other, starts_on=day(-number - 1))
    assert find(title)[0] == find(f"  {title.upper()} ")[0] == title
    assert find(title, sort="date")[0] == title


def test_a_short_word_of_a_title_comes_before_the_beginnings_of_others(cast, find):
    for number, title in enumerate(["Itinerary of a visit", "Digital futures", "Procuring IT", "IT procurement", "IT"]):
        held(cast, title=title, starts_on=day(-number - 1))
    assert find("IT") == ["IT", "IT procurement", "Procuring IT", "Itinerary of a visit"]


@pytest.mark.parametrize(("apostrophe", "typed"), ["'’", "’'", "‘’", "``", "´'", "ʼ`", "＇´", "′ʼ"])
def test_every_apostrophe_is_the_same(cast, find, apostrophe, typed):
    person = PersonFactory(agreement=cast.agreement, name="Ann O’Dowd")
    talk = held(cast, title=f"The children{apostrophe}s commissioner", summary=f"D{apostrophe}Arcy speaks")
    ParticipationFactory(engagement=talk, person=person)
    for words in (f"children{typed}s", f"d{typed}arcy", f"o{typed}dowd", f"the children{typed}s commissioner"):
        assert find(words) == [talk.title]


def test_a_minus_excludes_only_before_a_word_and_beside_another(cast, find):
    held(cast, title="Skills -10 and after", starts_on=day(-1))
    held(cast, title="Skills and cyber", starts_on=day(-2))
    assert find("skills -cyber") == ["Skills -10 and after"]
    assert find('skills -"and cyber"') == ["Skills -10 and after"]
    assert find("skills - cyber") == ["Skills and cyber"]
    assert find("skills -10") == ["Skills -10 and after"]
    assert find("-cyber") == ["Skills and cyber"]


def test_what_is_excluded_by_a_name_is_excluded_only_where_it_may_be_known(cast, find):
    engagement = held(cast, title="Quiet talk", chatham_house=True)
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Zoë Müller"))
    assert find("talk -zoe") == []
    assert find("talk -zoe", "viewer") == ["Quiet talk"]


def test_a_long_text_takes_as_many_queries_as_a_word(cast, find):
    held(cast, title="a b c d e f g h i j k l m n o p")
    find("p")
    with CaptureQueriesContext(connection) as of_a_word:
        find("p")
    with CaptureQueriesContext(connection) as of_a_text:
        assert find("p o n m l k j i h g f e d c b a") == ["a b c d e f g h i j k l m n o p"]
    assert len(of_a_text) == len(of_a_word)


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

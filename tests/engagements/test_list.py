"""The list of engagements: filters in its address, sorting, paging, what its rows say."""

import datetime as dt

import pytest
from django.urls import reverse

from pages import listing
from tests.engagements.lists import figures, list_page, problems, shown
from tests.engagements.pages import day, held, person_of, planned
from tests.factories import (
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    WorkstreamFactory,
)
from tests.markup import one_line


@pytest.fixture
def ask(cast, sign_in):
    """The list that an address with ``query`` shows to ``who``."""

    def get(query="", who="officer", **more):
        return sign_in(getattr(cast, who)).get(list_page(cast, query), **more)

    return get


def host(engagement, organisation):
    engagement.hosts.add(organisation, through_defaults={"agreement": engagement.agreement})


def put_in(engagement, workstream):
    engagement.workstreams.add(workstream, through_defaults={"agreement": engagement.agreement})


# What it shows


def test_the_newest_come_first_and_all_who_belong_see_the_same(cast, ask):
    for title, on in (("Old", day(-9)), ("New", day(9)), ("Middle", day(0))):
        EngagementFactory(agreement=cast.agreement, title=title, starts_on=on)
    for who in ("officer", "techuk_lead", "viewer", "administrator"):
        assert shown(ask(who=who)) == ["New", "Middle", "Old"]


def test_it_shows_nothing_of_another_agreement_and_nothing_to_others(cast, ask):
    EngagementFactory(agreement=cast.elsewhere, title="Theirs")
    assert shown(ask()) == []
    assert ask(who="outsider").status_code == 404


def test_a_row_says_when_what_where_it_belongs_who_hosts_how_many_came_and_how_it_stands(cast, ask):
    engagement = held(cast, title="A <b>bold</b> talk", kind="webinar", outcomes="Much")
    host(engagement, cast.techuk.organisation)
    host(engagement, cast.lga.organisation)
    put_in(engagement, cast.workstream)
    ParticipationFactory.create_batch(2, engagement=engagement, attendance="came")
    page = ask().content.decode()
    row = page[page.index("<tbody") : page.index("</tbody")]
    for text in (
        "A &lt;b&gt;bold&lt;/b&gt; talk",
        "Webinar",
        "Procurement",
        "<bdi>techUK</bdi>, <bdi>LGA</bdi>",
        ">2</td>",
        "Held",
    ):
        assert text in row
    assert engagement.get_absolute_url() in row


@pytest.mark.parametrize(
    ("fields", "attendances", "replies", "words"),
    [
        ({"status": "held"}, ["came", "came", "absent"], ["", "", ""], "2"),
        ({"status": "held", "head_count": 112}, ["came"], [""], "112"),
        ({"status": "held"}, [], [], "–"),
        ({"status": "planned"}, ["", "", ""], ["accepted", "accepted", "declined"], "2 coming"),
        ({"status": "confirmed"}, ["", ""], ["", "declined"], "2 invited"),
        ({"status": "planned"}, [], [], "–"),
        ({"status": "cancelled"}, [""], ["accepted"], "–"),
    ],
)
def test_how_many_came_is_said_by_what_is_known(cast, ask, fields, attendances, replies, words):
    engagement = EngagementFactory(agreement=cast.agreement, starts_on=day(5), **fields)
    for attendance, reply in zip(attendances, replies, strict=True):
        ParticipationFactory(engagement=engagement, attendance=attendance, reply=reply)
    assert f">{words}</td>" in ask().content.decode()


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"status": "planned", "starts_on": day(3)}, "Planned"),
        ({"status": "confirmed", "starts_on": day(3)}, "Confirmed"),
        ({"status": "planned", "starts_on": day(-3)}, "Did it take place?"),
        ({"status": "held", "starts_on": day(-3)}, "Record incomplete"),
        ({"status": "held", "starts_on": day(-3), "outcomes": "Much", "head_count": 3}, "Held"),
        ({"status": "held", "starts_on": day(-3), "is_public_event": True}, "Held"),
        ({"status": "cancelled", "starts_on": day(-3)}, "Cancelled"),
    ],
)
def test_each_state_is_a_word(cast, ask, fields, word):
    EngagementFactory(agreement=cast.agreement, **fields)
    page = ask().content.decode()
    assert word in page[page.index("<tbody") : page.index("</tbody")]


@pytest.mark.parametrize("title", ["x" * 200, "🧭 Kick-off", "לוח זמנים للمشروع"])
def test_any_title_is_shown(cast, ask, title):
    held(cast, title=title)
    assert title in ask().content.decode()


# Filters


@pytest.fixture
def four(cast):
    """Four engagements that differ in what can be filtered."""
    talk = held(cast, title="Talk", kind="workshop", starts_on=dt.date(2026, 5, 1), outcomes="Much", head_count=4)
    call = planned(cast, title="Call", kind="webinar", starts_on=dt.date(2031, 6, 1))
    fair = held(cast, title="Fair", kind="webinar", starts_on=dt.date(2026, 7, 1), is_public_event=True)
    gone = held(cast, title="Gone", kind="bilateral", starts_on=dt.date(2026, 8, 1), status="cancelled")
    host(talk, cast.lga.organisation)
    host(call, cast.techuk.organisation)
    put_in(talk, cast.workstream)
    put_in(gone, WorkstreamFactory(agreement=cast.agreement, name="Skills", slug="skills", archived_on=day(-1)))
    return talk, call, fair, gone


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=workshop", ["Talk"]),
        ("kind=workshop&kind=bilateral", ["Gone", "Talk"]),
        ("status=held", ["Fair", "Talk"]),
        ("status=planned&status=cancelled", ["Call", "Gone"]),
        ("workstream=procurement", ["Talk"]),
        ("workstream=procurement&workstream=skills", ["Gone", "Talk"]),
        ("from=2026-07-01", ["Call", "Gone", "Fair"]),
        ("to=2026-07-01", ["Fair", "Talk"]),
        ("from=2026-07-01&to=2026-07-01", ["Fair"]),
        ("public=yes", ["Fair"]),
        ("public=no&status=held", ["Talk"]),
        ("lacks=1", []),
        ("kind=webinar&status=held", ["Fair"]),
        ("q=&kind=&host=&from=&to=&public=", ["Call", "Gone", "Fair", "Talk"]),
        ("unknown=1", ["Call", "Gone", "Fair", "Talk"]),
    ],
)
def test_it_is_filtered_by_its_address(four, ask, query, titles):
    response = ask(query)
    assert (shown(response), problems(response)) == (titles, [])


def test_it_is_filtered_by_host(cast, four, ask):
    assert shown(ask(f"host={cast.techuk.organisation.pk}")) == ["Call"]


def test_it_is_filtered_by_what_records_lack(cast, ask):
    held(cast, title="No outcomes", head_count=3)
    held(cast, title="Nobody", outcomes="Much")
    planned(cast, title="Unanswered", starts_on=day(-2))
    held(cast, title="Whole", outcomes="Much", head_count=3)
    assert sorted(shown(ask("lacks=1"))) == ["No outcomes", "Nobody", "Unanswered"]


def test_it_is_filtered_by_a_person_whose_name_it_says(cast, four, ask):
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    ParticipationFactory(engagement=four[0], person=person)
    response = ask(f"person={person.pk}")
    assert shown(response) == ["Talk"]
    assert "Ada Ash" in response.content.decode()


def test_it_is_filtered_by_an_organisation_that_hosts_or_has_people_there_and_says_which(cast, four, ask):
    organisation = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council")
    host(four[0], organisation)
    for engagement in four[:2]:
        ParticipationFactory(engagement=engagement, organisation=organisation)
    response = ask(f"organisation={organisation.pk}&kind=workshop&kind=webinar")
    assert sorted(shown(response)) == ["Call", "Talk"]
    html = response.content.decode()
    assert "<bdi>Eastmarch County Council</bdi>" in html
    assert f'<input type="hidden" name="organisation" value="{organisation.pk}">' in html
    assert 'href="?kind=workshop&amp;kind=webinar" ><span class="visually-hidden">Remove the filter' in one_line(html)


def test_who_came_from_an_organisation_under_the_chatham_house_rule_is_found_by_officers_alone(cast, ask):
    organisation = OrganisationFactory(agreement=cast.agreement)
    ParticipationFactory(engagement=held(cast, title="Talk", chatham_house=True), organisation=organisation)
    hosted = held(cast, title="Hosted", chatham_house=True)
    host(hosted, organisation)
    assert shown(ask(f"organisation={organisation.pk}", who="viewer")) == ["Hosted"]
    assert sorted(shown(ask(f"organisation={organisation.pk}", who="techuk_officer"))) == ["Hosted", "Talk"]


def test_an_organisation_of_another_agreement_has_nothing_here(cast, four, ask):
    stranger = OrganisationFactory(agreement=cast.elsewhere, name="Stranger")
    response = ask(f"organisation={stranger.pk}")
    assert shown(response) == []
    assert "Stranger" not in response.content.decode()
    assert "The organisation filtered by is not in the contacts of this agreement." in response.content.decode()


def test_a_person_under_the_chatham_house_rule_is_found_by_officers_and_by_themselves_alone(cast, ask):
    person = person_of(cast.viewer, cast.agreement)
    other = PersonFactory(agreement=cast.agreement)
    engagement = held(cast, title="Talk", chatham_house=True)
    for one in (person, other):
        ParticipationFactory(engagement=engagement, person=one)
    assert shown(ask(f"person={other.pk}", who="viewer")) == []
    assert shown(ask(f"person={other.pk}", who="administrator")) == []
    assert shown(ask(f"person={other.pk}", who="techuk_officer")) == ["Talk"]
    assert shown(ask(f"person={person.pk}", who="viewer")) == ["Talk"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kind=nonsense", "Kind: “nonsense” is not one of the choices, so this filter is left out."),
        ("status=gone", "State: “gone” is not one of the choices, so this filter is left out."),
        ("workstream=none", "Workstream: “none” is not one of the choices, so this filter is left out."),
        ("host=999999", "Host: “999999” is not one of the choices, so this filter is left out."),
        ("host=x%00", "Host: “x�” is not one of the choices, so this filter is left out."),
        ("person=x", "Person: this is not well formed, so this filter is left out."),
        ("person=99999999999999999999", "Person: there is no such number, so this filter is left out."),
        ("organisation=x", "Organisation: this is not well formed, so this filter is left out."),
        ("organisation=0", "Organisation: there is no such number, so this filter is left out."),
        ("from=soon", "From: this is not well formed, so this filter is left out."),
        ("from=2026-05-01&to=2026-02-30", "To: this is not well formed, so this filter is left out."),
        ("from=2026-05-01&to=2026-04-01", "To: this day is before the first, so this filter is left out."),
        ("public=perhaps", "Public events: “perhaps” is not one of the choices, so this filter is left out."),
        ("lacks=x", "Record: “x” is not one of the choices, so this filter is left out."),
        ("q=a%00b", "Words: it holds a character that cannot be looked for, so this filter is left out."),
        (f"q={'x' * 201}", "Words: at most 200 characters can be looked for, so this filter is left out."),
        ("sort=random", "“random” is not an order of this list, so the newest come first."),
        ("page=two", "“two” is not a page number, so this is the first page."),
        ("page=99", "There is no page 99, so this is the last one, page 1."),
        ("page=-1", "There is no page -1, so this is the last one, page 1."),
        (f"page={'9' * 5000}", f"“{'9' * 40}” is not a page number, so this is the first page."),
    ],
)
def test_a_filter_that_is_malformed_is_said_and_left_out_and_the_others_apply(four, ask, query, sentence):
    response = ask(f"{query}&status=held" if "status" not in query else f"{query}&kind=webinar&kind=workshop")
    assert problems(response) == [sentence]
    assert set(shown(response)) >= {"Fair"}
    assert "Gone" not in shown(response)
    # The sentence stands on the page, with its quotation marks as they are.
    assert sentence in response.content.decode()


def test_a_host_of_another_agreement_is_no_choice(cast, ask):
    stranger = OrganisationFactory(agreement=cast.elsewhere, name="Stranger")
    response = ask(f"host={stranger.pk}")
    assert len(problems(response)) == 1
    assert "Stranger" not in response.content.decode()


def test_somebody_of_another_agreement_is_nobody_here(cast, ask):
    stranger = PersonFactory(agreement=cast.elsewhere, name="Stranger")
    response = ask(f"person={stranger.pk}")
    assert shown(response) == []
    assert "Stranger" not in response.content.decode()
    assert "The person filtered by is not in the contacts of this agreement." in response.content.decode()


def test_the_hosts_to_choose_from_are_the_parties_and_whoever_has_hosted(cast, four, ask):
    third = OrganisationFactory(agreement=cast.agreement, name="A third party")
    OrganisationFactory(agreement=cast.agreement, name="Never hosted")
    host(four[2], third)
    choices = ask().context["filters"].filters["host"].extra["choices"]
    assert [name for _, name in choices] == ["LGA", "techUK", "A third party"]


def test_each_filter_that_is_on_can_be_taken_off_by_itself(four, ask):
    response = ask("kind=webinar&status=held&page=1")
    assert {c.label: (c.text, c.without) for c in response.context["controls"] if c.text} == {
        "Kind": ("Webinar", "status=held"),
        "State": ("Held", "kind=webinar"),
    }


# Order and pages


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("date", ["Talk", "Fair", "Gone", "Call"]),
        ("-date", ["Call", "Gone", "Fair", "Talk"]),
        ("title", ["Call", "Fair", "Gone", "Talk"]),
        ("-title", ["Talk", "Gone", "Fair", "Call"]),
        ("kind", ["Gone", "Call", "Fair", "Talk"]),
        ("-kind", ["Talk", "Fair", "Call", "Gone"]),
        ("status", ["Gone", "Fair", "Talk", "Call"]),
        ("-status", ["Call", "Talk", "Fair", "Gone"]),
    ],
)
def test_it_is_sorted_by_its_address(four, ask, sort, titles):
    assert shown(ask(f"sort={sort}")) == titles


def test_it_is_shown_by_pages_of_25(cast, ask):
    EngagementFactory.create_batch(30, agreement=cast.agreement)
    first, second = ask(), ask("page=2")
    assert (len(shown(first)), len(shown(second))) == (25, 5)
    assert not set(shown(first)) & set(shown(second))
    assert "1 to 25 of 30" in first.content.decode()
    assert "26 to 30 of 30" in second.content.decode()
    assert 'href="?page=2"' in first.content.decode()


def test_pages_and_orders_keep_the_filters(cast, ask):
    EngagementFactory.create_batch(30, agreement=cast.agreement, kind="webinar")
    page = ask("kind=webinar&q=").content.decode()
    assert 'href="?kind=webinar&amp;page=2"' in page
    assert 'href="?kind=webinar&amp;sort=title"' in page


# What it says about itself


def test_it_says_how_many_of_how_many_there_are_and_in_which_time(cast, four, ask, time_machine):
    time_machine.move_to(dt.datetime(2026, 9, 1, tzinfo=dt.UTC), tick=False)
    year = "from=2026-04-01&to=2027-03-31"
    assert figures(ask()) == "4 engagements"
    assert figures(ask(year)) == "3 engagements, this agreement year"
    assert figures(ask(f"{year}&kind=webinar")) == "1 of 3, this agreement year"
    assert figures(ask("kind=webinar")) == "2 of 4"
    assert figures(ask("kind=roundtable")) == "none of 4"
    assert figures(ask("from=2026-07-01&to=2026-08-31")) == "2 engagements, 1 July 2026 to 31 August 2026"
    assert figures(ask("from=2026-07-01")) == "3 engagements, since 1 July 2026"
    assert figures(ask("to=2026-05-31")) == "1 engagement, until 31 May 2026"
    assert 'id="total">2<' in ask("kind=webinar").content.decode()


def test_counting_stops_at_its_cap(cast, ask, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 60)
    EngagementFactory.create_batch(70, agreement=cast.agreement)
    response = ask("page=9")
    assert figures(response) == "over 60 engagements"
    assert problems(response) == ["There is no page 9, so this is the last one, page 3."]
    assert "51 to 60 of over 60" in response.content.decode()


def test_an_empty_list_says_what_to_do_first(cast, ask):
    assert "Log the first engagement" in ask().content.decode()
    assert "Log the first engagement" not in ask(who="viewer").content.decode()


def test_a_list_in_which_nothing_is_found_offers_to_clear_the_filters(four, ask):
    page = ask("kind=roundtable").content.decode()
    assert "Nothing found" in page
    assert "Clear the filters" in page


# Without a reload, and without JavaScript


def test_what_htmx_asks_for_is_the_same_page_under_a_clean_address(cast, four, ask):
    response = ask("q=&kind=webinar&host=", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == f"{list_page(cast)}?kind=webinar"
    assert shown(response) == ["Call", "Fair"]
    assert ask("q=&kind=", headers={"HX-Request": "true"})["HX-Push-Url"] == list_page(cast)


def test_the_form_says_what_is_chosen(four, ask):
    page = ask("kind=webinar&from=2026-01-01&q=much&sort=title").content.decode()
    assert 'value="webinar" class="form-check-input" id="id_kind_2" checked' in page
    assert 'name="from" value="2026-01-01"' in page
    assert 'name="sort" value="title"' in page


def test_the_search_box_of_every_page_leads_here(cast, sign_in):
    page = sign_in(cast.officer).get(reverse("engagements:quick_log", args=[cast.agreement.slug])).content.decode()
    assert f'<form class="search-box" role="search" action="{list_page(cast)}"' in page


# How much it asks of the database


def whole(cast, number):
    for _ in range(number):
        engagement = held(cast, title="Talk about guides")
        host(engagement, cast.lga.organisation)
        put_in(engagement, cast.workstream)
        ParticipationFactory(engagement=engagement, person=person_of(cast.officer, cast.agreement))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_eight_queries_however_many_rows(cast, sign_in, django_assert_num_queries, number):
    whole(cast, number)
    client = sign_in(cast.officer)
    with django_assert_num_queries(8):
        assert len(shown(client.get(list_page(cast)))) == number


@pytest.mark.parametrize("number", [1, 3])
def test_with_every_filter_and_a_search_it_takes_nine(cast, sign_in, django_assert_num_queries, number):
    whole(cast, number)
    client, person = sign_in(cast.officer), person_of(cast.officer, cast.agreement)
    query = (
        f"q=guides&kind=workshop&status=held&workstream=procurement&host={cast.lga.organisation.pk}&person={person.pk}"
        f"&from={day(-30)}&to={day(0)}&public=no&lacks=1&sort=title"
    )
    with django_assert_num_queries(9):
        assert len(shown(client.get(list_page(cast, query)))) == number

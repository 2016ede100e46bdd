"""Actions: the list of all, adding and changing one, done with one press, and undo."""

import uuid

import pytest
from django.urls import reverse

from engagements.models import Action, EngagementWorkstream
from tests.engagements.pages import address, day, held, person_of, said
from tests.factories import ActionFactory, OrganisationFactory, PersonFactory, WorkstreamFactory


@pytest.fixture
def page(cast):
    """The address of the list."""
    return reverse("engagements:actions", args=[cast.agreement.slug])


@pytest.fixture
def make(cast):
    """``make(title, days, done=…)`` makes an action due in so many days (None: no day)."""

    def action(title, days=None, *, done=None, **fields):
        due, done_on = (None if number is None else day(number) for number in (days, done))
        return ActionFactory(agreement=cast.agreement, title=title, due_on=due, done_on=done_on, **fields)

    return action


def titles(response):
    return [action.title for action in response.context["page_obj"]]


def counts(response):
    return {key: count for key, _, count in response.context["tabs"]}


# The list


def test_it_shows_the_open_ones_by_their_day_those_without_one_last(page, make, cast, sign_in):
    for title, days in [("Some day", None), ("Later", 9), ("Late", -3), ("Today", 0)]:
        make(title, days)
    make("Finished", -1, done=-1)
    response = sign_in(cast.viewer).get(page)
    assert titles(response) == ["Late", "Today", "Later", "Some day"]
    assert counts(response) == {"open": 4, "overdue": 1, "done": 1, "all": 5}
    text = response.content.decode()
    for words in ("3 days late", "due today", "no date"):
        assert words in text


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("open", ["Late", "Later"]),
        ("overdue", ["Late"]),
        ("done", ["Done today", "Done before"]),
        ("all", ["Late", "Later", "Done today", "Done before"]),
    ],
)
def test_each_figure_leads_to_its_rows(show, shown, page, make, cast, sign_in):
    make("Late", -1)
    make("Later", 9)
    make("Done before", -9, done=-5)
    make("Done today", 3, done=0)
    response = sign_in(cast.officer).get(page, {"show": show})
    assert titles(response) == shown
    assert counts(response)[show] == len(shown)


def test_mine_are_those_i_own_in_person(page, make, cast, sign_in):
    make("Mine", owner_person=person_of(cast.viewer, cast.agreement), owner_organisation=None)
    make("Not mine")
    response = sign_in(cast.viewer).get(page, {"mine": "1"})
    assert titles(response) == ["Mine"]
    assert counts(response)["open"] == 1


def test_a_partys_are_its_organisations_and_its_peoples(page, make, cast, sign_in):
    make("Of techUK", owner_organisation=cast.techuk.organisation)
    make("Of its officer", owner_person=person_of(cast.techuk_officer, cast.agreement), owner_organisation=None)
    make("Of LGA", owner_organisation=cast.lga.organisation)
    response = sign_in(cast.officer).get(page, {"party": cast.techuk.pk})
    assert sorted(titles(response)) == ["Of its officer", "Of techUK"]


def test_an_organisations_are_its_own_and_its_peoples_and_the_list_says_whose(page, make, cast, sign_in):
    council = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council")
    person = PersonFactory(agreement=cast.agreement, organisation=council)
    make("Its own", owner_organisation=council)
    make("Of somebody there", owner_person=person, owner_organisation=None)
    make("Other")
    response = sign_in(cast.officer).get(page, {"organisation": council.pk})
    assert sorted(titles(response)) == ["Its own", "Of somebody there"]
    assert "Remove the filter</span><bdi>Eastmarch County Council</bdi>" in response.content.decode()


def test_an_organisation_of_another_agreement_is_not_understood(page, make, cast, sign_in):
    make("One")
    stranger = OrganisationFactory(agreement=cast.elsewhere, name="Stranger")
    response = sign_in(cast.officer).get(page, {"organisation": stranger.pk})
    assert "Stranger" not in response.content.decode()
    assert "Organisation: it is not in the contacts of this agreement, so this filter" in response.content.decode()


def test_a_workstreams_are_its_own_and_those_of_its_engagements(page, make, cast, sign_in):
    engagement = held(cast)
    EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=engagement, workstream=cast.workstream)
    make("Own", workstream=cast.workstream)
    make("Of its engagement", engagement=engagement)
    make("Other", workstream=WorkstreamFactory(agreement=cast.agreement))
    response = sign_in(cast.officer).get(page, {"workstream": "procurement"})
    assert sorted(titles(response)) == ["Of its engagement", "Own"]


@pytest.mark.parametrize(
    "query",
    [
        {"show": "x"},
        {"party": "x"},
        {"party": "999999999999"},
        {"workstream": "none"},
        {"workstream": "\0"},
        {"party": "1' or 1=1"},
        {"organisation": "x"},
        {"organisation": "9" * 40},
    ],
)
def test_a_filter_that_is_not_understood_is_left_out_and_said(query, page, make, cast, sign_in):
    make("One")
    response = sign_in(cast.officer).get(page, query)
    assert titles(response) == ["One"]
    [name] = query
    [sentence] = response.context["list"].problems
    assert sentence.startswith(f"{name.capitalize()}: ")


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "-1"}, {"page": "99"}, {"just": "x"}, {"just": "9" * 40}])
def test_a_malformed_page_shows_actions_all_the_same(query, page, make, cast, sign_in):
    make("One")
    assert titles(sign_in(cast.officer).get(page, query)) == ["One"]


def test_fifty_stand_on_a_page(page, make, cast, sign_in):
    for number in range(51):
        make(f"Action {number}", number)
    client = sign_in(cast.officer)
    assert len(titles(client.get(page))) == 50
    assert titles(client.get(page, {"page": 2})) == ["Action 50"]


@pytest.mark.parametrize(
    ("query", "words"),
    [({}, "No actions yet"), ({"mine": "1"}, "No such actions"), ({"show": "overdue"}, "No actions yet")],
)
def test_an_empty_list_says_what_to_do(query, words, page, cast, sign_in):
    assert words in sign_in(cast.officer).get(page, query).content.decode()


def test_when_all_is_done_it_says_so(page, make, cast, sign_in):
    make("One", done=0)
    assert "Nothing is open" in sign_in(cast.officer).get(page).content.decode()


def test_actions_of_another_agreement_are_not_in_it(page, cast, sign_in):
    ActionFactory(agreement=cast.elsewhere, title="Theirs")
    assert titles(sign_in(cast.officer).get(page, {"show": "all"})) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_nine_queries_however_long_it_is(number, page, make, cast, sign_in, django_assert_num_queries):
    for _ in range(number):
        person = PersonFactory(agreement=cast.agreement, organisation=OrganisationFactory(agreement=cast.agreement))
        stream = WorkstreamFactory(agreement=cast.agreement)
        make("One", engagement=held(cast), workstream=stream, owner_person=person, owner_organisation=None)
    client = sign_in(cast.officer)
    with django_assert_num_queries(9):
        client.get(page)


# Done, and undo


def test_one_press_finishes_an_action_and_the_row_stays_in_sight_for_undo(page, make, cast, sign_in):
    action = make("Write it up", 3)
    make("Another", 1)
    client = sign_in(cast.officer)
    response = client.post(address("action_done", action), {"next": f"{page}?show=open&workstream=none"})
    assert response["Location"] == f"{page}?show=open&workstream=none&just={action.pk}#action-{action.pk}"
    response = client.get(response["Location"])
    assert said(response) == ["“Write it up” is done."]
    assert titles(response) == ["Another", "Write it up"]
    assert "done today" in response.content.decode()
    assert f'action="{address("action_undo", action)}"' in response.content.decode()
    assert Action.objects.get(pk=action.pk).done_by.user == cast.officer


def test_undo_opens_it_again(page, make, cast, sign_in):
    action = make("Write it up", done=0)
    response = sign_in(cast.officer).post(address("action_undo", action), {"next": page}, follow=True)
    assert said(response) == ["“Write it up” is open again."]
    action.refresh_from_db()
    assert (action.done_on, action.done_by) == (None, None)


def test_done_twice_it_keeps_its_first_day_and_person(make, cast, sign_in):
    action = make("Write it up", done=-5, done_by=person_of(cast.lead, cast.agreement))
    sign_in(cast.officer).post(address("action_done", action))
    action.refresh_from_db()
    assert (action.done_on, action.done_by.user) == (day(-5), cast.lead)


def test_pressed_on_the_record_it_leads_back_there(make, cast, sign_in):
    engagement = held(cast)
    action = make("Write it up", engagement=engagement)
    response = sign_in(cast.officer).post(address("action_done", action), {"next": engagement.get_absolute_url()})
    assert response["Location"] == engagement.get_absolute_url()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "http://testserver//evil.example/", ""])
def test_a_press_never_leads_to_another_site(url, page, make, cast, sign_in):
    action = make("Write it up")
    response = sign_in(cast.officer).post(address("action_done", action), {"next": url})
    assert not response["Location"].startswith(("//", "https:"))
    assert "evil.example" not in response["Location"].removeprefix("http://testserver//evil.example/")


def test_a_viewer_finishes_what_they_own_in_person(page, make, cast, sign_in):
    action = make("Mine", owner_person=person_of(cast.viewer, cast.agreement), owner_organisation=None)
    client = sign_in(cast.viewer)
    assert address("action_done", action) in client.get(page).content.decode()
    client.post(address("action_done", action))
    action.refresh_from_db()
    assert action.is_done
    client.post(address("action_undo", action))
    action.refresh_from_db()
    assert not action.is_done


@pytest.mark.parametrize("who", ["viewer", "administrator"])
@pytest.mark.parametrize("name", ["action_done", "action_undo"])
def test_what_is_not_theirs_a_viewer_can_neither_finish_nor_open(who, name, page, make, cast, sign_in):
    action = make("Not theirs", done=-1 if name == "action_undo" else None)
    client = sign_in(getattr(cast, who))
    assert address(name, action) not in client.get(page, {"show": "all"}).content.decode()
    assert client.post(address(name, action)).status_code == 403
    before = action.done_on
    action.refresh_from_db()
    assert action.done_on == before


def test_the_rule_of_who_may_finish_is_one_word_of_the_queryset(make, cast):
    mine = make("Mine", owner_person=person_of(cast.viewer, cast.agreement), owner_organisation=None)
    other = make("Other")

    def may(user):
        return {action.pk for action in Action.objects.with_may_finish(user) if action.may_finish}

    assert may(cast.viewer) == {mine.pk}
    assert may(cast.officer) == may(cast.techuk_lead) == {mine.pk, other.pk}
    assert may(cast.outsider) == may(cast.administrator) == set()


# Adding, changing and deleting one


def sent(**fields):
    return {"form_key": str(uuid.uuid4()), "title": "Write it up", "owner": "techUK"} | fields


@pytest.fixture
def new(cast):
    """The address of the form for a new one."""
    return reverse("engagements:new_action", args=[cast.agreement.slug])


def test_an_action_may_stand_without_an_engagement(new, page, cast, sign_in):
    data = sent(due_on="2026-12-11", workstream=cast.workstream.pk)
    response = sign_in(cast.officer).post(new, data)
    action = Action.objects.get()
    assert response["Location"] == f"{page}#action-{action.pk}"
    assert (action.owner_organisation, action.engagement) == (cast.techuk.organisation, None)
    assert (f"{action.due_on:%Y-%m-%d}", action.workstream) == ("2026-12-11", cast.workstream)


def test_one_that_is_added_on_a_record_comes_from_it(new, cast, sign_in):
    engagement = held(cast, title="Spring roundtable")
    client = sign_in(cast.officer)
    assert "Spring roundtable" in client.get(new, {"engagement": engagement.pk}).content.decode()
    response = client.post(f"{new}?engagement={engagement.pk}", sent())
    assert response["Location"] == f"{engagement.get_absolute_url()}#actions"
    assert Action.objects.get().engagement == engagement


@pytest.mark.parametrize("key", ["0", "x", "999999", "-1", "9" * 30])
def test_an_engagement_that_is_not_there_is_not_found(key, new, cast, sign_in):
    assert sign_in(cast.officer).get(new, {"engagement": key}).status_code == 404


def test_an_engagement_of_another_agreement_is_not_found(new, cast, sign_in):
    theirs = held(cast, agreement=cast.elsewhere)
    assert sign_in(cast.officer).post(f"{new}?engagement={theirs.pk}", sent()).status_code == 404
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"title": ""}, "title", "Say what is to be done."),
        ({"title": "x" * 100_000}, "title", "This has 100000 characters, at most 300 are possible."),
        ({"title": "a\0b"}, "title", "This holds a character that cannot be saved (NUL): type it again."),
        ({"owner": ""}, "owner", "Say who does it: a person or an organisation."),
        ({"owner": "Nobody Known"}, "owner", "No match for “Nobody Known”. Select a person or add a new contact."),
        ({"due_on": "soon"}, "due_on", "Give a date such as 12 May 2026."),
        ({"workstream": "999"}, "workstream", "Choose one of the workstreams."),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field_and_kept(fields, name, error, new, cast, sign_in):
    response = sign_in(cast.officer).post(new, sent(**fields))
    form = response.context["form"]
    assert list(form.errors) == [name]
    assert error in form.errors[name][0]
    assert "Nothing is saved yet" in response.content.decode()
    assert not Action.objects.exists()


def test_an_owner_of_another_agreement_is_nobody_here(new, cast, sign_in):
    OrganisationFactory(agreement=cast.elsewhere, name="Their Council")
    response = sign_in(cast.officer).post(new, sent(owner="Their Council"))
    assert list(response.context["form"].errors) == ["owner"]


def test_sent_twice_it_is_saved_once(new, cast, sign_in):
    client, data = sign_in(cast.officer), sent()
    assert client.post(new, data)["Location"] == client.post(new, data)["Location"]
    assert Action.objects.count() == 1


def test_an_action_is_changed(make, page, cast, sign_in):
    action = make("Write it up", 3)
    data = {"title": "Write it down", "owner": "LGA", "due_on": "", "workstream": ""}
    response = sign_in(cast.techuk_officer).post(address("edit_action", action), data, follow=True)
    assert said(response) == ["The action is saved."]
    action.refresh_from_db()
    assert (action.title, action.owner_organisation, action.due_on) == ("Write it down", cast.lga.organisation, None)


def test_one_of_an_archived_workstream_keeps_it(make, cast, sign_in):
    stream = WorkstreamFactory(agreement=cast.agreement, name="Old theme", archived_on=day(-1))
    old, other = make("Old", workstream=stream), make("Other")
    client = sign_in(cast.officer)
    assert "Old theme" in client.get(address("edit_action", old)).content.decode()
    assert "Old theme" not in client.get(address("edit_action", other)).content.decode()


def test_an_action_is_deleted_after_a_question(make, page, cast, sign_in):
    action = make("Write it up")
    client = sign_in(cast.officer)
    assert "Delete this action?" in client.get(address("delete_action", action)).content.decode()
    response = client.post(address("delete_action", action), follow=True)
    assert said(response) == ["The action “Write it up” is deleted."]
    assert not Action.objects.exists()


@pytest.mark.parametrize("name", ["edit_action", "delete_action"])
def test_viewers_do_not_edit_and_outsiders_do_not_find(name, make, cast, sign_in):
    action = make("Mine", owner_person=person_of(cast.viewer, cast.agreement), owner_organisation=None)
    assert sign_in(cast.viewer).post(address(name, action), sent(title="x")).status_code == 403
    assert sign_in(cast.outsider).post(address(name, action), sent(title="x")).status_code == 404
    assert Action.objects.get().title == "Mine"


def test_the_list_costs_an_administrator_no_more_queries_than_a_member(
    page, make, cast, sign_in, django_assert_max_num_queries
):
    make("One", 1)
    client = sign_in(cast.administrator)
    with django_assert_max_num_queries(9):
        assert titles(client.get(page)) == ["One"]

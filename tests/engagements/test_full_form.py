"""The full form of a new engagement, and of one like another."""

import datetime as dt

import pytest

from engagements.forms.action_rows import MOST_ROWS
from engagements.models import Action, Engagement
from tests.engagements.forms import errors_of, full, log_page, quick
from tests.engagements.pages import address, day, held, said
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    WorkstreamFactory,
)


@pytest.fixture
def send(cast, sign_in):
    """Sends the full form as the officer, with rows of actions, on to where it leads."""

    def post(*actions, **more):
        return sign_in(cast.officer).post(log_page(cast, "full_log"), full(*actions, **more), follow=True)

    return post


def only():
    return Engagement.objects.get()


def test_it_saves_all_that_can_be_said(cast, send):
    committee = CommitteeFactory(agreement=cast.agreement)
    person = PersonFactory(agreement=cast.agreement)
    third = OrganisationFactory(agreement=cast.agreement, name="Third")
    send(
        kind="committee",
        start_time="14:00",
        end_time="11:00",
        ends_on=day(0).isoformat(),
        mode="hybrid",
        venue="Smith Square",
        joining_link="https://meet.example/abc",
        committee=committee.pk,
        head_count="31",
        chatham_house="on",
        summary="What it is about.",
        outcomes="What came of it.",
        decisions="First\n\n Second \nFirst",
        is_public_event="on",
        source_url="https://news.example/",
        time_zone="Europe/Paris",
        host_list=[cast.techuk.organisation.pk, third.pk],
        who=[person.pk],
        workstreams=[cast.workstream.pk],
    )
    engagement = only()
    assert (engagement.start_time, engagement.end_time, engagement.ends_on) == (dt.time(14), dt.time(11), day(0))
    assert (engagement.mode, engagement.venue, engagement.time_zone) == ("hybrid", "Smith Square", "Europe/Paris")
    assert (engagement.committee, engagement.head_count, engagement.chatham_house) == (committee, 31, True)
    assert (engagement.is_public_event, engagement.source_url) == (True, "https://news.example/")
    assert [decision.text for decision in engagement.decisions.all()] == ["First", "Second"]
    assert set(engagement.hosts.all()) == {cast.techuk.organisation, third}
    assert (engagement.workstreams.get(), engagement.participations.get().person) == (cast.workstream, person)


def test_actions_are_saved_with_it_and_blank_rows_are_none(cast, send):
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    send(
        {"title": "Write it up", "owner": "Ada Ash", "due_on": day(14).isoformat()},
        {"title": "", "owner": "", "due_on": ""},
        {"title": "Send it round", "owner": "techUK", "due_on": ""},
    )
    written, sent = only().actions.all()
    assert (written.title, written.owner_person, written.due_on) == ("Write it up", person, day(14))
    assert (sent.title, sent.owner_organisation, sent.due_on) == ("Send it round", cast.techuk.organisation, None)


def test_a_host_that_is_not_there_yet_is_added(cast, send):
    send(host_list_lines="A new body")
    assert only().hosts.get().name == "A new body"


def test_sent_twice_it_makes_its_actions_once(cast, sign_in):
    client = sign_in(cast.officer)
    sent = full({"title": "Write it up", "owner": "LGA"})
    for _ in range(2):
        client.post(log_page(cast, "full_log"), sent)
    assert (Engagement.objects.count(), Action.objects.count()) == (1, 1)


def test_without_a_committee_a_meeting_is_that_of_the_only_one(cast, send):
    committee = CommitteeFactory(agreement=cast.agreement)
    SeatFactory(committee=committee, holder=PersonFactory(agreement=cast.agreement, name="Holder"))
    send(kind="committee")
    assert (only().committee, str(only().participations.get())) == (committee, "Holder")


def test_a_program_that_sends_no_rows_makes_no_actions(cast, sign_in):
    sign_in(cast.officer).post(log_page(cast, "full_log"), quick(time_zone="Europe/London"))
    assert only().actions.count() == 0


# What cannot be saved


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"ends_on": "2020-01-01"}, "ends_on", "The last day is before the first."),
        (
            {"joining_link": "javascript:alert(1)"},
            "joining_link",
            "Give a web address that begins with https:// or http://.",
        ),
        (
            {"joining_link": "ftp://files.example"},
            "joining_link",
            "Give a web address that begins with https:// or http://.",
        ),
        ({"source_url": "no address"}, "source_url", "Give a web address that begins with https:// or http://."),
        ({"venue": "x" * 301}, "venue", "This has 301 characters, at most 300 are possible."),
        ({"summary": "a\0b"}, "summary", "This holds a character that cannot be saved (NUL): type it again."),
        ({"head_count": "-1"}, "head_count", "Give a number from 0 up."),
        ({"head_count": "99999999999"}, "head_count", "At most 1000000 is possible."),
        ({"head_count": "many"}, "head_count", "Give a whole number."),
        ({"mode": "by post"}, "mode", "Choose one of those shown."),
        ({"committee": "999999"}, "committee", "Choose one of those shown."),
        ({"time_zone": "Europe/Atlantis"}, "time_zone", "“Europe/Atlantis” is not a time zone. Europe/London is one."),
        ({"time_zone": ""}, "time_zone", "Give a time zone. Europe/London is one."),
        ({"decisions": "\n".join(["One"] * 201)}, "decisions", "These are 201 lines, at most 200 are possible."),
        ({"decisions": f"One\n{'x' * 5001}"}, "decisions", "Line 2 has 5001 characters, at most 5000 are possible."),
        (
            {"host_list": ["999999"]},
            "host_list",
            "An organisation chosen is not in the contacts of this agreement and was taken out.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_on_top_and_nothing_is_saved(send, sent, field, sentence):
    response = send(**sent)
    assert errors_of(response) == {field: [sentence]}
    assert "Nothing is saved yet. Please put this right:" in response.content.decode()
    assert not Engagement.objects.exists()


def test_only_a_committee_meeting_has_a_committee(cast, send):
    committee = CommitteeFactory(agreement=cast.agreement)
    assert list(errors_of(send(committee=committee.pk))) == ["committee"]


def test_a_committee_of_another_agreement_cannot_be_chosen(cast, send):
    committee = CommitteeFactory(agreement=cast.elsewhere)
    assert list(errors_of(send(kind="committee", committee=committee.pk))) == ["committee"]


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"title": "", "owner": "LGA"}, "title", "Say what is to be done."),
        ({"title": "", "due_on": "2026-12-01"}, "title", "Say what is to be done."),
        ({"title": "Write", "owner": ""}, "owner", "Say who does it: a person or an organisation."),
        ({"title": "x" * 301, "owner": "LGA"}, "title", "This has 301 characters, at most 300 are possible."),
        ({"title": "Write", "owner": "LGA", "due_on": "soon"}, "due_on", "Give a date such as 12 May 2026."),
        ({"title": "Write", "owner": "LGA", "id": "x"}, "id", "Give a whole number."),
    ],
)
def test_what_is_wrong_with_an_action_is_said_beside_it_and_on_top(send, row, field, sentence):
    response = send({"title": "Fine", "owner": "LGA"}, row)
    assert sentence in dict(response.context["form"].rows.forms[1].errors)[field]
    page = response.content.decode()
    assert "Nothing is saved yet. Please put this right:" in page
    assert 'value="Fine"' in page
    assert not Engagement.objects.exists()


def test_somebody_of_another_agreement_owns_no_action_here(cast, send):
    PersonFactory(agreement=cast.elsewhere, name="Stranger")
    response = send({"title": "Write", "owner": "Stranger"})
    assert "No match for “Stranger”." in response.content.decode()
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("total", ["-1", "x", "999999999999999999999"])
def test_rows_that_were_damaged_are_no_stack_trace(send, total):
    response = send({"title": "Write", "owner": "LGA"}, **{"actions-TOTAL_FORMS": total})
    assert response.status_code == 200


def test_an_error_keeps_all_that_was_typed(cast, send):
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    response = send(
        {"title": "Write it up", "owner": "Somebody unknown", "due_on": "2026-12-01"},
        title="",
        venue="Smith Square",
        decisions="First\nSecond",
        who=[person.pk],
        host_list=[cast.techuk.organisation.pk],
        host_list_lines="A new body",
        chatham_house="on",
    )
    page = response.content.decode()
    kept = ("Smith Square", "First\nSecond", "Ada Ash", "A new body", "Write it up", "Somebody unknown", "2026-12-01")
    assert [text for text in kept if text not in page] == []
    assert response.context["form"]["chatham_house"].value()


# Rows of actions


def test_another_row_can_be_had_without_javascript_and_nothing_is_called_wrong(cast, send):
    response = send({"title": "Write it up"}, {}, title="", venue="Smith Square", another_action="1")
    form = response.context["form"]
    assert len(form.rows.forms) == 3
    assert (form["venue"].value(), form.rows.forms[0]["title"].value()) == ("Smith Square", "Write it up")
    assert "Please put this right" not in response.content.decode()
    assert not Engagement.objects.exists()


def test_there_is_an_end_to_rows(send):
    response = send(*[{}] * MOST_ROWS, another_action="1")
    assert len(response.context["form"].rows.forms) == MOST_ROWS


# One like another


@pytest.fixture
def original(cast):
    """An engagement with all its parts."""
    engagement = held(
        cast,
        title="Skills workshop",
        venue="Leeds",
        outcomes="Much",
        start_time=dt.time(10),
        joining_link="https://meet.example/",
        summary="About skills",
    )
    engagement.hosts.add(cast.techuk.organisation, through_defaults={"agreement": cast.agreement})
    engagement.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    ParticipationFactory(engagement=engagement, attendance="apologies")
    DecisionFactory(engagement=engagement)
    ActionFactory(agreement=cast.agreement, engagement=engagement)
    return engagement


def test_a_copy_begins_with_what_stays_the_same_and_without_what_came_of_it(cast, sign_in, original):
    response = sign_in(cast.officer).get(address("duplicate", original))
    form = response.context["form"]
    values = {name: form[name].value() for name in ("title", "kind", "venue", "summary", "outcomes", "starts_on")}
    assert values == {
        "title": "Skills workshop",
        "kind": "workshop",
        "venue": "Leeds",
        "summary": "About skills",
        "outcomes": None,
        "starts_on": None,
    }
    assert form.initial["who"] == [original.participations.get().person.pk]
    assert form.initial["host_list"] == [cast.techuk.organisation]
    assert form["workstreams"].value() == [cast.workstream.pk]
    assert all(not row["title"].value() for row in form.rows.forms)
    assert "https://meet.example/" not in response.content.decode()


def test_a_copy_takes_no_archived_workstream(cast, sign_in, original):
    archived = WorkstreamFactory(agreement=cast.agreement, archived_on=day(-1))
    original.workstreams.add(archived, through_defaults={"agreement": cast.agreement})
    form = sign_in(cast.officer).get(address("duplicate", original)).context["form"]
    assert form["workstreams"].value() == [cast.workstream.pk]


def test_a_copy_is_a_new_record_and_leaves_the_original(cast, sign_in, original):
    sent = full(title="Skills workshop", kind="workshop", starts_on=day(20).isoformat())
    client = sign_in(cast.officer)
    for _ in range(2):
        response = client.post(address("duplicate", original), sent, follow=True)
    copy = Engagement.objects.exclude(pk=original.pk).get()
    assert (copy.status, copy.uid != original.uid, copy.outcomes) == ("planned", True, "")
    assert response.redirect_chain[0][0] == copy.get_absolute_url()
    assert Engagement.objects.get(pk=original.pk).revision == 1
    assert "You have already saved this." in said(response)[-1]


def test_looking_at_a_copy_saves_nothing(cast, sign_in, original):
    sign_in(cast.officer).get(address("duplicate", original))
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404)])
def test_only_editors_and_leads_copy_or_fill_in_the_full_form(cast, sign_in, original, who, status):
    client = sign_in(getattr(cast, who))
    for page in (address("duplicate", original), log_page(cast, "full_log")):
        assert client.get(page).status_code == status
        assert client.post(page, full()).status_code == status
    assert Engagement.objects.count() == 1


def test_an_engagement_of_another_agreement_cannot_be_copied_here(cast, sign_in):
    other = held(cast, agreement=cast.elsewhere)
    page = address("duplicate", other).replace("elsewhere", "lga-techuk")
    assert sign_in(cast.officer).get(page).status_code == 404


def test_rows_are_drawn_with_their_numbers(cast, sign_in):
    page = sign_in(cast.officer).get(log_page(cast, "full_log")).content.decode()
    assert "Action 1</legend>" in page
    assert "Action 2</legend>" in page

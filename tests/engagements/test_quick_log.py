"""The quick log: the essentials, from a phone on the train home."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import Engagement
from tests.contacts.rows import sent_row
from tests.engagements.forms import errors_of, log_page, quick
from tests.engagements.pages import day, said
from tests.factories import CommitteeFactory, PersonFactory, SeatFactory, WorkstreamFactory


@pytest.fixture
def send(cast, sign_in):
    """Sends the quick log as the officer, on to where it leads."""

    def post(**more):
        return sign_in(cast.officer).post(log_page(cast), quick(**more), follow=True)

    return post


def only():
    return Engagement.objects.get()


def test_title_kind_and_date_are_enough(cast, send):
    response = send()
    engagement = only()
    assert response.redirect_chain == [(engagement.get_absolute_url(), 302)]
    assert said(response) == ["Saved: Procurement Act (held). Nobody was emailed."]
    assert (engagement.kind, engagement.starts_on, engagement.status) == ("roundtable", day(-1), "held")
    assert (engagement.logged_by.user, [str(host) for host in engagement.hosts.all()]) == (cast.officer, ["LGA"])


def test_all_that_it_asks_for_is_saved(cast, send):
    person = PersonFactory(agreement=cast.agreement, organisation=cast.techuk.organisation)
    send(
        start_time="14:00",
        end_time="15:30",
        workstreams=[cast.workstream.pk],
        who=[person.pk],
        outcomes="A guide is drafted.",
    )
    engagement = only()
    assert (engagement.start_time, engagement.end_time) == (dt.time(14), dt.time(15, 30))
    assert (engagement.workstreams.get(), engagement.outcomes) == (cast.workstream, "A guide is drafted.")
    participation = engagement.participations.get()
    assert (participation.person, participation.organisation) == (person, cast.techuk.organisation)
    assert participation.attendance == "came"


def test_one_to_come_is_planned(send):
    response = send(starts_on=day(9).isoformat())
    assert only().status == "planned"
    assert said(response) == ["Saved: Procurement Act (planned). Nobody was emailed."]


def test_more_detail_leads_to_the_full_form(send):
    response = send(more="1")
    assert response.redirect_chain[-1][0] == f"{only().get_absolute_url()}edit/"
    assert response.status_code == 200


def test_a_new_person_is_added_at_a_new_organisation(cast, send):
    send(**sent_row("Zoë Ash", "new", organisation="Some Council", email="zoe@council.example"))
    person = only().participations.get().person
    assert (person.name, person.organisation.name, person.email) == ("Zoë Ash", "Some Council", "zoe@council.example")
    assert person.agreement == cast.agreement


def test_lines_that_were_typed_come_back_to_be_confirmed_with_all_else_kept(cast, send):
    response = send(title="My title", who_lines="Zoë Ash, Some Council", workstreams=[cast.workstream.pk])
    assert (response.status_code, Engagement.objects.count()) == (200, 0)
    page = response.content.decode()
    assert "Check the people you added" in page
    assert 'value="My title"' in page
    assert response.context["form"].errors == {}


def test_sent_twice_it_is_saved_once(cast, sign_in):
    client = sign_in(cast.officer)
    sent = quick(**sent_row("Zoë Ash", "new", organisation="Some Council"))
    client.post(log_page(cast), sent)
    response = client.post(log_page(cast), sent, follow=True)
    engagement = only()
    assert (engagement.title, engagement.participations.count()) == ("Procurement Act", 1)
    assert response.redirect_chain == [(engagement.get_absolute_url(), 302)]
    assert "You have already saved this." in said(response)[-1]
    assert cast.agreement.people.filter(name="Zoë Ash").count() == 1


def test_a_program_that_sends_no_key_is_served_too(cast, sign_in):
    sent = quick()
    del sent["form_key"]
    sign_in(cast.officer).post(log_page(cast), sent)
    assert only().form_key is None


def test_each_page_has_a_key_of_its_own(cast, sign_in):
    client = sign_in(cast.officer)
    keys = {client.get(log_page(cast)).context["form"]["form_key"].value() for _ in range(2)}
    assert len(keys) == 2


# The committee


def test_a_committee_meeting_is_that_of_the_only_committee(cast, send):
    committee = CommitteeFactory(agreement=cast.agreement)
    CommitteeFactory(agreement=cast.elsewhere)
    holder = PersonFactory(agreement=cast.agreement)
    SeatFactory(committee=committee, holder=holder)
    send(kind="committee", starts_on=day(3).isoformat())
    engagement = only()
    assert (engagement.committee, engagement.participations.get().person) == (committee, holder)


def test_with_two_committees_it_is_left_open(cast, send):
    CommitteeFactory.create_batch(2, agreement=cast.agreement)
    send(kind="committee")
    assert only().committee is None


def test_no_other_kind_has_a_committee(cast, send):
    CommitteeFactory(agreement=cast.agreement)
    send()
    assert only().committee is None


# What it begins with


def test_the_date_is_today_s(cast, sign_in):
    form = sign_in(cast.officer).get(log_page(cast)).context["form"]
    assert form["starts_on"].value() == timezone.localdate()


def test_an_address_can_say_kind_workstream_and_date(cast, sign_in):
    page = f"{log_page(cast)}?kind=webinar&workstream=procurement&date=2026-01-02"
    form = sign_in(cast.officer).get(page).context["form"]
    values = [form[name].value() for name in ("kind", "workstreams", "starts_on")]
    assert values == ["webinar", [cast.workstream.pk], dt.date(2026, 1, 2)]


@pytest.mark.parametrize("query", ["kind=nonsense", "workstream=%00&workstream=none", "date=2026-02-31", "date=soon"])
def test_what_an_address_says_wrongly_is_left_out(cast, sign_in, query):
    response = sign_in(cast.officer).get(f"{log_page(cast)}?{query}&committee=99999999999999999999")
    form = response.context["form"]
    values = [form[name].value() for name in ("kind", "workstreams", "starts_on")]
    assert values == ["", [], timezone.localdate()]


def test_only_current_workstreams_of_this_agreement_are_offered(cast, sign_in):
    WorkstreamFactory(agreement=cast.agreement, archived_on=day(-1))
    WorkstreamFactory(agreement=cast.elsewhere)
    form = sign_in(cast.officer).get(log_page(cast)).context["form"]
    assert list(form.fields["workstreams"].queryset) == [cast.workstream]


def test_its_labels_and_its_button_are_those_that_scripts_rely_on(cast, sign_in):
    response = sign_in(cast.officer).get(log_page(cast))
    form = response.context["form"]
    labels = [field.label for field in form.visible_fields()]
    assert labels == ["Title", "Kind", "Date", "From", "To", "Workstream", "Who came", "Outcome"]
    assert "Save engagement</button>" in response.content.decode()
    required = [name for name, field in form.fields.items() if field.required]
    assert required == ["title", "kind", "starts_on"]


# What cannot be saved


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"title": ""}, "title", "Give it a title."),
        ({"title": "   "}, "title", "Give it a title."),
        ({"title": "x" * 100_000}, "title", "This has 100000 characters, at most 200 are possible."),
        ({"title": "a\0b"}, "title", "This holds a character that cannot be saved (NUL): type it again."),
        ({"kind": ""}, "kind", "Choose a kind."),
        ({"kind": "party"}, "kind", "Choose one of those shown."),
        ({"kind": "work\0shop"}, "kind", "Choose one of those shown."),
        ({"starts_on": ""}, "starts_on", "Give the date."),
        ({"starts_on": "31 February 2026"}, "starts_on", "Give a date such as 12 May 2026."),
        ({"starts_on": "0001-01-01"}, "starts_on", "Give a year from 1990 to 2100."),
        ({"starts_on": "9999-12-31"}, "starts_on", "Give a year from 1990 to 2100."),
        ({"start_time": "25:00"}, "start_time", "Give a time such as 14:30."),
        ({"start_time": "15:00", "end_time": "14:00"}, "end_time", "It ends before it starts."),
        ({"start_time": "15:00", "end_time": "15:00"}, "end_time", "It ends before it starts."),
        ({"end_time": "14:00"}, "start_time", "Give the time it starts as well as the time it ends."),
        ({"workstreams": ["999999"]}, "workstreams", "Choose among those shown."),
        ({"workstreams": ["\0"]}, "workstreams", "Null characters are not allowed."),
        ({"outcomes": "x" * 50_001}, "outcomes", "This has 50001 characters, at most 50000 are possible."),
        ({"form_key": "nonsense"}, "form_key", "The form was sent with a damaged key: load the page again."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_on_top_and_nothing_is_saved(send, sent, field, sentence):
    response = send(**sent)
    assert errors_of(response) == {field: [sentence]}
    assert "Nothing is saved yet. Please put this right:" in response.content.decode()
    assert not Engagement.objects.exists()


def test_somebody_of_another_agreement_cannot_be_named(cast, send):
    stranger = PersonFactory(agreement=cast.elsewhere, name="Stranger")
    response = send(who=[stranger.pk])
    assert list(errors_of(response)) == ["who"]
    assert "Stranger" not in response.content.decode()
    assert not Engagement.objects.exists()


def test_a_workstream_of_another_agreement_cannot_be_chosen(cast, send):
    other = WorkstreamFactory(agreement=cast.elsewhere)
    assert errors_of(send(workstreams=[other.pk])) == {"workstreams": ["Choose among those shown."]}


def test_somebody_named_twice_takes_part_once_and_it_is_said(cast, send):
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    response = send(who=[person.pk], **sent_row("Ada Ash", person.pk))
    assert only().participations.get().person == person
    assert said(response)[1:] == ["Ada Ash was listed twice. We added them once."]


def test_an_error_keeps_all_that_was_typed(cast, send):
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    response = send(
        title="",
        start_time="14:00",
        workstreams=[cast.workstream.pk],
        who=[person.pk],
        who_lines="Zoë Ash, Some Council",
        outcomes="Much <b>was</b> said.",
    )
    page = response.content.decode()
    form = response.context["form"]
    assert form["kind"].value() == "roundtable"
    assert form["start_time"].value() == "14:00"
    assert form["workstreams"].value() == [str(cast.workstream.pk)]
    for kept in ("Ada Ash", "Zoë Ash, Some Council", "Much &lt;b&gt;was&lt;/b&gt; said."):
        assert kept in page


@pytest.mark.parametrize(
    "title", ["x" * 200, "🧭 Kick-off", "לוח זמנים للمشروع", "<script>alert(1)</script>", "O'Neill & “co”"]
)
def test_any_title_that_people_write_is_saved_as_it_is(send, title):
    send(title=title)
    assert only().title == title


def test_a_stale_form_is_told_so_in_the_site_s_own_dress(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    response = client.post(log_page(cast), quick())
    assert response.status_code == 403
    assert not Engagement.objects.exists()


# Who may


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("administrator", 403), ("outsider", 404)])
def test_only_editors_and_leads_log(cast, sign_in, who, status):
    client = sign_in(getattr(cast, who))
    assert client.get(log_page(cast)).status_code == status
    assert client.post(log_page(cast), quick()).status_code == status
    assert not Engagement.objects.exists()


def test_a_lead_logs_too(cast, sign_in):
    sign_in(cast.techuk_lead).post(log_page(cast), quick())
    assert [str(host) for host in only().hosts.all()] == ["techUK"]

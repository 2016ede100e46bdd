"""Engagements and papers in Django admin: nothing there goes around the verbs or the rules."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from engagements.models import Action, Engagement, EngagementHost, EngagementWorkstream
from engagements.signals import engagement_deleting, engagement_saved
from tests.engagements.admin_pages import address, errors, told
from tests.engagements.pages import day, held, person_of, planned
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    DocumentFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)
from tests.markup import one_line

INLINES = ("host_links", "workstream_links", "participations", "decisions")


@pytest.fixture
def heard():
    """The signals that the rooms above hear while a test runs: names, in order."""
    names = []

    def saved(**kwargs):
        names.append("saved")

    def deleting(**kwargs):
        names.append("deleting")

    engagement_saved.connect(saved)
    engagement_deleting.connect(deleting)
    yield names
    engagement_saved.disconnect(saved)
    engagement_deleting.disconnect(deleting)


def sent(engagement=None, **fields):
    """What the form of an engagement sends; the inlines are lists of dicts, those with ``id`` are there already."""
    data = {"title": "Workshop", "kind": "workshop", "starts_on": f"{day(5):%Y-%m-%d}", "time_zone": "Europe/London"}
    if engagement:
        data |= {"title": engagement.title, "starts_on": f"{engagement.starts_on:%Y-%m-%d}"}
    for name in INLINES:
        rows = fields.pop(name, [])
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": len([row for row in rows if "id" in row])}
        data |= {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    return data | fields


# Adding and changing an engagement


def test_an_engagement_added_in_admin_is_logged_by_the_verb_with_all_its_parts(admin, cast, heard):
    council = OrganisationFactory(agreement=cast.agreement)
    priya = PersonFactory(agreement=cast.agreement, organisation=council)
    data = sent(
        agreement=cast.agreement.pk,
        host_links=[{"organisation": council.pk}],
        workstream_links=[{"workstream": cast.workstream.pk}],
        participations=[{"person": priya.pk, "role": "chair", "reply": "accepted", "attendance": ""}],
        decisions=[{"position": 1, "text": "Second"}, {"position": 0, "text": "First"}],
    )
    response = admin.post(address("engagement_add"), data)
    assert response.status_code == 302
    engagement = Engagement.objects.get()
    assert (engagement.status, list(engagement.hosts.all())) == ("planned", [council])
    assert list(engagement.workstreams.all()) == [cast.workstream]
    assert [decision.text for decision in engagement.decisions.all()] == ["First", "Second"]
    part = engagement.participations.get()
    assert (part.person, part.organisation, part.role, part.reply) == (priya, council, "chair", "accepted")
    assert heard
    assert set(heard) == {"saved"}
    assert LogEntry.objects.get().object_id == str(engagement.pk)


def test_of_one_that_was_held_people_added_in_admin_came(admin, cast):
    engagement = held(cast)
    person = PersonFactory(agreement=cast.agreement)
    row = {"person": person.pk, "role": "participant", "reply": "", "attendance": ""}
    admin.post(address("engagement_change", engagement.pk), sent(engagement, participations=[row]))
    assert engagement.participations.get().attendance == "came"


def test_a_change_raises_revision_and_occurrence_as_on_the_pages(admin, cast, heard):
    engagement = planned(cast)
    data = sent(engagement, title="Moved", starts_on=f"{day(9):%Y-%m-%d}")
    admin.post(address("engagement_change", engagement.pk), data)
    engagement.refresh_from_db()
    assert (engagement.title, engagement.revision, engagement.schedule_version, engagement.sequence) == (
        "Moved",
        2,
        2,
        1,
    )
    assert heard == ["saved"]


def test_parts_are_changed_and_taken_off_by_the_verbs(admin, cast):
    engagement = held(cast)
    keep, gone = (
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement)) for _ in "ab"
    )
    host = EngagementHost.objects.create(
        agreement=cast.agreement, engagement=engagement, organisation=cast.lga.organisation
    )
    decision = DecisionFactory(engagement=engagement, text="Old words")
    data = sent(
        engagement,
        participations=[
            {"id": keep.pk, "person": keep.person_id, "role": "speaker", "reply": "", "attendance": "apologies"},
            {"id": gone.pk, "person": gone.person_id, "role": "participant", "reply": "", "DELETE": "on"},
        ],
        host_links=[{"id": host.pk, "organisation": cast.lga.organisation.pk, "DELETE": "on"}],
        decisions=[{"id": decision.pk, "position": 0, "text": "New words"}],
    )
    assert admin.post(address("engagement_change", engagement.pk), data).status_code == 302
    part = engagement.participations.get()
    assert (part.pk, part.role, part.attendance) == (keep.pk, "speaker", "apologies")
    assert not engagement.hosts.exists()
    assert engagement.decisions.get().text == "New words"


def test_who_takes_part_stays_who_they_are(admin, cast):
    engagement = held(cast)
    part = ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    other = PersonFactory(agreement=cast.agreement)
    row = {"id": part.pk, "person": other.pk, "role": "chair", "reply": "", "attendance": ""}
    admin.post(address("engagement_change", engagement.pk), sent(engagement, participations=[row]))
    assert (engagement.participations.get().person, engagement.participations.get().role) == (part.person, "chair")


def test_a_form_opened_before_somebody_else_saved_is_refused(admin, cast):
    engagement = held(cast, title="Old")
    page = address("engagement_change", engagement.pk)
    seen = admin.get(page).context["adminform"].form["seen"].value()
    Engagement.objects.filter(pk=engagement.pk).update(title="Theirs")
    response = admin.post(page, sent(engagement, title="Mine", seen=seen))
    assert errors(response) == [
        "Somebody else saved this while you had it open. Theirs: Title: “Theirs”. Save again to put yours instead."
    ]
    engagement.refresh_from_db()
    assert engagement.title == "Theirs"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"title": ""}, "This field is required."),
        ({"kind": "party"}, "Select a valid choice. party is not one of the available choices."),
        ({"start_time": "15:00", "end_time": "14:00"}, "It ends before it starts."),
        ({"end_time": "14:00"}, "Give the time it starts as well as the time it ends."),
        ({"ends_on": "2020-01-01"}, "The last day is before the first."),
        ({"time_zone": "Mars/Base"}, "“Mars/Base” is not a time zone. Europe/London is one."),
        ({"joining_link": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_the_rules_are_said_in_words(fields, error, admin, cast):
    response = admin.post(address("engagement_add"), sent(agreement=cast.agreement.pk, **fields))
    assert error in errors(response)
    assert not Engagement.objects.exists()


def test_nothing_of_another_agreement_can_be_put_on_it(admin, cast):
    stranger = PersonFactory(agreement=cast.elsewhere)
    data = sent(
        agreement=cast.agreement.pk,
        committee=CommitteeFactory(agreement=cast.elsewhere).pk,
        kind="committee",
        participations=[{"person": stranger.pk, "role": "chair", "reply": "", "attendance": ""}],
        host_links=[{"organisation": OrganisationFactory(agreement=cast.elsewhere).pk}],
    )
    response = admin.post(address("engagement_add"), data)
    assert errors(response).count("This belongs to another agreement.") == 3
    assert not Engagement.objects.exists()


def test_somebody_named_twice_is_refused(admin, cast):
    person = PersonFactory(agreement=cast.agreement)
    row = {"person": person.pk, "role": "chair", "reply": "", "attendance": ""}
    response = admin.post(address("engagement_add"), sent(agreement=cast.agreement.pk, participations=[row, row]))
    assert response.status_code == 200
    assert not Engagement.objects.exists()


def test_where_it_stands_its_agreement_and_its_counters_cannot_be_typed(admin, cast):
    engagement = planned(cast)
    data = sent(engagement, status="held", agreement=cast.elsewhere.pk, revision=99, cancel_reason="x", sequence=99)
    admin.post(address("engagement_change", engagement.pk), data)
    engagement.refresh_from_db()
    assert (engagement.status, engagement.agreement, engagement.cancel_reason) == ("planned", cast.agreement, "")
    assert (engagement.revision, engagement.sequence) == (2, 0)


# The presses


@pytest.mark.parametrize(
    ("press", "status", "after"),
    [
        ("confirm", "planned", "confirmed"),
        ("record_as_held", "planned", "held"),
        ("cancel", "planned", "cancelled"),
        ("reinstate", "cancelled", "held"),
    ],
)
def test_the_actions_of_the_list_are_the_verbs(press, status, after, admin, cast, heard):
    engagement = planned(cast, status=status, starts_on=day(-1))
    admin.post(address("engagement_changelist"), {"action": press, "_selected_action": engagement.pk})
    engagement.refresh_from_db()
    assert engagement.status == after
    assert heard == ["saved"]


def test_what_does_not_fit_is_said_and_the_others_are_done(admin, cast):
    past, coming = planned(cast, title="Past", starts_on=day(-1)), planned(cast, title="Coming")
    data = {"action": "record_as_held", "_selected_action": [past.pk, coming.pk]}
    response = admin.post(address("engagement_changelist"), data, follow=True)
    assert sorted(told(response)) == [
        "Changed: 1.",
        "Coming: It has not begun yet, so it cannot have taken place.",
    ]


def test_deleting_is_the_verb_and_many_at_once_is_not_offered(admin, cast, heard):
    engagement = held(cast)
    action = ActionFactory(agreement=cast.agreement, engagement=engagement)
    admin.post(
        address("engagement_changelist"),
        {"action": "delete_selected", "_selected_action": engagement.pk, "post": "yes"},
    )
    assert Engagement.objects.exists()
    admin.post(address("engagement_delete", engagement.pk), {"post": "yes"})
    assert not Engagement.objects.exists()
    assert Action.objects.get() == action
    assert heard == ["deleting"]


# What administrators may not know


SECRET = "Not-for-admin"


@pytest.fixture
def secrets(cast, media):
    """An engagement under the Chatham House Rule with a person, and papers of both kinds."""
    engagement = held(cast, chatham_house=True)
    person = PersonFactory(agreement=cast.agreement, name=SECRET)
    ParticipationFactory(engagement=engagement, person=person)
    papers = [
        NoteFactory(engagement=engagement, text=SECRET),
        DocumentFactory(engagement=engagement),
        NoteFactory(engagement=engagement, text=SECRET, party=cast.techuk),
        DocumentFactory(engagement=engagement, name=SECRET, party=cast.techuk),
    ]
    return engagement, papers


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_who_was_there_under_the_rule_stands_on_no_page_of_the_engagement(page, admin, secrets):
    engagement, _ = secrets
    response = admin.get(address(f"engagement_{page}", engagement.pk))
    assert response.status_code == 200
    assert SECRET not in response.content.decode()


def test_nor_can_the_rule_be_lifted_or_somebody_tried_out(admin, cast, secrets):
    engagement, _ = secrets
    person = engagement.participations.get().person
    row = {"person": person.pk, "role": "chair", "reply": "", "attendance": ""}
    data = sent(engagement, chatham_house="", participations=[row])
    assert admin.post(address("engagement_change", engagement.pk), data).status_code == 302
    engagement.refresh_from_db()
    assert engagement.chatham_house
    assert engagement.participations.get().role == "participant"


def test_one_without_the_rule_can_be_put_under_it(admin, cast):
    engagement = held(cast)
    admin.post(address("engagement_change", engagement.pk), sent(engagement, chatham_house="on"))
    engagement.refresh_from_db()
    assert engagement.chatham_house


@pytest.mark.parametrize("name", ["note", "document"])
def test_papers_are_listed_without_what_they_say_and_private_ones_not_at_all(name, admin, secrets):
    response = admin.get(address(f"{name}_changelist"))
    assert SECRET not in response.content.decode()
    assert response.context["cl"].result_count == 1


def test_a_paper_is_looked_at_without_what_it_says_and_cannot_be_changed(admin, secrets):
    _, papers = secrets
    for paper in papers:
        name = paper._meta.model_name
        status = 302 if paper.party else 200
        response = admin.get(address(f"{name}_change", paper.pk))
        assert (response.status_code, SECRET in response.content.decode()) == (status, False)
        assert admin.get(address(f"{name}_history", paper.pk)).status_code == 403
        assert admin.post(address(f"{name}_delete", paper.pk), {"post": "yes"}).status_code in (302, 403)
        assert type(paper).objects.filter(pk=paper.pk).exists()
        assert admin.get(address(f"{name}_add")).status_code == 403


# Looking


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("engagement", 7), ("action", 8), ("committee", 5), ("note", 7), ("document", 7)]
)
def test_lists_cost_the_same_however_long_they_are(
    name, queries, number, admin, cast, media, django_assert_max_num_queries
):
    for _ in range(number):
        committee = CommitteeFactory(agreement=cast.agreement, host=OrganisationFactory(agreement=cast.agreement))
        SeatFactory(committee=committee, organisation=cast.lga.organisation)
        engagement = held(cast, kind="committee", committee=committee)
        person = PersonFactory(agreement=cast.agreement)
        ActionFactory(agreement=cast.agreement, owner_person=person, engagement=engagement)
        NoteFactory(engagement=engagement, written_by=person)
        DocumentFactory(engagement=engagement, added_by=person)
    with django_assert_max_num_queries(queries):
        assert admin.get(address(f"{name}_changelist")).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_costs_the_same_however_much_hangs_on_it(number, admin, cast, django_assert_max_num_queries):
    engagement = held(cast)
    for place in range(number):
        organisation = OrganisationFactory(agreement=cast.agreement)
        ParticipationFactory(
            engagement=engagement, person=PersonFactory(agreement=cast.agreement), organisation=organisation
        )
        EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=organisation)
        DecisionFactory(engagement=engagement, text=f"Decision {place}", position=place)
    EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=engagement, workstream=cast.workstream)
    with django_assert_max_num_queries(40):
        admin.get(address("engagement_change", engagement.pk))


@pytest.mark.parametrize("name", ["engagement", "action", "committee", "note", "document"])
def test_search_and_malformed_parameters_are_answered(name, admin):
    for query in ({"q": "x"}, {"q": "a\0b"}, {"p": "x"}, {"agreement__id__exact": "x"}):
        assert admin.get(address(f"{name}_changelist"), query, follow=True).status_code == 200


def test_the_history_of_an_engagement_tells_who_did_what(admin, cast):
    engagement = planned(cast, title="Workshop")
    admin.post(address("engagement_change", engagement.pk), sent(engagement, title="Long workshop"))
    page = one_line(admin.get(address("engagement_history", engagement.pk)).content.decode())
    assert "Long workshop, before: Workshop" in page
    assert "Admin" in page
    assert person_of(cast.officer, cast.agreement).name not in page


@pytest.mark.parametrize("model", ["engagements_engagement", "contacts_person", "contacts_organisation"])
def test_admin_lists_cannot_be_filtered_by_who_takes_part(model, admin, cast):
    engagement = held(cast, chatham_house=True)
    part = ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    page = reverse(f"admin:{model}_changelist")
    assert admin.get(page, {"participations": part.pk}).status_code == 400
    assert admin.get(page, {"agreement__id__exact": cast.agreement.pk}).status_code == 200

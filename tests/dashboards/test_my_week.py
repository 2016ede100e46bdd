"""My week: what whoever is signed in has before them, and nothing of others."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from engagements.models import Committee, Engagement
from tests.factories import (
    ActionFactory,
    DocumentFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    SeatFactory,
)


@pytest.fixture
def ask(cast, sign_in):
    """The page as ``who`` sees it."""

    def get(who="officer"):
        response = sign_in(getattr(cast, who)).get(reverse("dashboards:my_week", args=[cast.agreement.slug]))
        assert response.status_code == 200
        return response

    return get


def meeting(cast, days, title, who="officer", reply="accepted", role="participant", **fields):
    """An engagement in so many days that somebody takes part in."""
    on = timezone.localdate() + dt.timedelta(days=days)
    fields = {"agreement": cast.agreement, "title": title, "starts_on": on, "status": "planned"} | fields
    engagement = EngagementFactory(**fields)
    person = cast.agreement.people.get(user=getattr(cast, who))
    ParticipationFactory(engagement=engagement, person=person, reply=reply, role=role)
    return engagement


def titles(response, name):
    return [row.title for row in response.context[name]]


def test_my_meetings_are_those_of_the_next_seven_days_that_i_have_not_declined(cast, ask):
    meeting(cast, 7, "Last")
    meeting(cast, 1, "First")
    meeting(cast, 8, "Later")
    meeting(cast, 2, "Declined", reply="declined")
    meeting(cast, 2, "Off", status="cancelled")
    meeting(cast, 2, "Of the lead", who="lead")
    assert titles(ask(), "meetings") == ["First", "Last"]
    assert titles(ask("lead"), "meetings") == ["Of the lead"]


def test_what_waits_for_my_reply_is_shown_however_far_ahead(cast, ask):
    meeting(cast, 60, "Far", reply="")
    meeting(cast, 3, "Near", reply="")
    meeting(cast, 3, "Answered", reply="tentative")
    meeting(cast, -3, "Over", reply="")
    assert titles(ask(), "unanswered") == ["Near", "Far"]


def test_my_actions_are_open_ones_that_i_own_in_person_and_can_be_done_from_here(cast, ask):
    me, other = (cast.agreement.people.get(user=user) for user in (cast.officer, cast.lead))
    mine = {"agreement": cast.agreement, "owner_person": me, "owner_organisation": None}
    action = ActionFactory(title="Mine", **mine)
    ActionFactory(title="Done", done_on=timezone.localdate(), **mine)
    ActionFactory(title="Another's", **mine | {"owner_person": other})
    response = ask()
    assert titles(response, "actions") == ["Mine"]
    assert reverse("engagements:action_done", args=[cast.agreement.slug, action.pk]) in response.content.decode()


def test_my_records_are_what_i_logged_chair_or_organise_and_lack_something(cast, ask):
    me = cast.agreement.people.get(user=cast.officer)
    meeting(cast, -3, "Chaired", role="chair", status="held")
    meeting(cast, -4, "Logged", who="lead", status="held", logged_by=me)
    meeting(cast, -5, "Only came", status="held")
    meeting(cast, -6, "Complete", role="chair", status="held", outcomes="Much", head_count=3)
    assert titles(ask(), "records") == ["Chaired", "Logged"]


def test_a_viewer_has_a_week_too_without_the_verbs(cast, ask):
    meeting(cast, 1, "Committee", who="viewer")
    meeting(cast, -1, "Unconfirmed", who="viewer", role="chair")
    html = ask("viewer").content.decode()
    assert "Committee" in html
    assert "Unconfirmed" in html
    assert "It took place" not in html
    assert "Plan an engagement" not in html


def test_an_empty_week_says_so_and_an_administrator_is_told_why(cast, ask):
    html = ask().content.decode()
    for words in ("You have no meeting", "You have no open action", "Nothing is missing"):
        assert words in html
    assert "Waiting for your reply" not in html
    assert "As an administrator" in ask("administrator").content.decode()


def test_nothing_of_another_agreement_or_of_the_other_party_is_on_it(cast, ask, sign_in):
    person = cast.elsewhere.people.get(user=cast.outsider)
    secret = meeting(cast, 2, "Ours", who="officer")
    theirs = cast.agreement.people.get(user=cast.techuk_officer)
    NoteFactory(engagement=secret, written_by=theirs, party=cast.techuk, text="Between us")
    EngagementFactory(agreement=cast.elsewhere, title="Elsewhere", logged_by=person, status="held")
    html = ask().content.decode()
    assert "Between us" not in html
    assert "Elsewhere" not in html
    there = reverse("dashboards:my_week", args=[cast.agreement.slug])
    assert sign_in(cast.outsider).get(there).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_eight_queries_however_many_rows(cast, sign_in, django_assert_num_queries, number):
    me = cast.agreement.people.get(user=cast.officer)
    for _ in range(number):
        meeting(cast, 1, "Soon", reply="")
        meeting(cast, -1, "Past", role="chair", status="held")
        ActionFactory(agreement=cast.agreement, owner_person=me, owner_organisation=None)
    client = sign_in(cast.officer)
    with django_assert_num_queries(8):
        response = client.get(reverse("dashboards:my_week", args=[cast.agreement.slug]))
    assert [len(response.context[name]) for name in ("meetings", "unanswered", "actions", "records")] == [number] * 4


def committee_meeting(cast, days, title, **fields):
    """A committee meeting in so many days; its papers are due five working days before."""
    committee, _ = Committee.objects.get_or_create(agreement=cast.agreement, name="Digital", papers_days=5)
    on = timezone.localdate() + dt.timedelta(days=days)
    fields = {"agreement": cast.agreement, "kind": "committee", "status": "planned", "starts_on": on} | fields
    return EngagementFactory(committee=committee, title=title, **fields)


@time_machine.travel(dt.datetime(2026, 11, 17, 12, tzinfo=dt.UTC), tick=False)
def test_papers_due_this_week_are_shown_to_whoever_has_a_seat_or_takes_part(cast, ask):
    committee_meeting(cast, 14, "Next month")
    me = cast.agreement.people.get(user=cast.officer)
    assert not ask().context["papers"]
    SeatFactory(committee=Committee.objects.get(), holder=me)
    committee_meeting(cast, 1, "Tomorrow")
    committee_meeting(cast, 30, "Later")
    committee_meeting(cast, 2, "Off", status="cancelled")
    html = " ".join(ask().content.decode().split())
    assert titles(ask(), "papers") == ["Tomorrow", "Next month"]
    assert "Papers are late" in html
    assert "Due Tuesday 24 November, for the meeting on Tuesday 1 December" in html
    DocumentFactory(engagement=Engagement.objects.get(title="Tomorrow"))
    assert titles(ask(), "papers") == ["Next month"]
    taking_part = committee_meeting(cast, 13, "Of the lead")
    ParticipationFactory(engagement=taking_part, person=cast.agreement.people.get(user=cast.lead), reply="")
    assert titles(ask("lead"), "papers") == ["Of the lead"]

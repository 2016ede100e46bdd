"""Changing an engagement, also while somebody else does."""

import datetime as dt
import re

import pytest
from django.test import Client

from engagements.models import Engagement
from engagements.operations.action import change_action, delete_action, finish_action
from engagements.operations.engagement import cancel_engagement
from tests.contacts.rows import sent_row
from tests.engagements.forms import errors_of, full
from tests.engagements.pages import address, day, held, planned, said
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    WorkstreamFactory,
)
from tests.markup import one_line


def browser(user):
    """A client of its own, signed in as ``user``."""
    client = Client()
    client.force_login(user)
    return client


def as_sent(page):
    """What a browser would send of the form on a page, changed in nothing."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if name not in ("who", "host_list")}
    sent = {name: value for name, value in sent.items() if value not in (None, "", False)}
    sent |= {"who": form.initial["who"], "host_list": [host.pk for host in form.initial["host_list"]]}
    sent |= {"seen": form["seen"].value(), "actions-TOTAL_FORMS": len(form.rows.forms)}
    sent["actions-INITIAL_FORMS"] = form.rows.initial_form_count()
    for row in form.rows.forms:
        owner, key = row["owner"].value() or ("", "")
        sent |= {f"{row.prefix}-owner": owner, f"{row.prefix}-owner_key": key}
        for name in ("id", "title", "due_on"):
            sent[f"{row.prefix}-{name}"] = row[name].value() or ""
    return sent


@pytest.fixture
def engagement(cast):
    """A workshop held a week ago, with all its parts."""
    engagement = held(cast, title="Skills workshop", outcomes="Much", venue="Leeds", start_time=dt.time(10))
    engagement.hosts.add(cast.lga.organisation, through_defaults={"agreement": cast.agreement})
    engagement.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    person = PersonFactory(agreement=cast.agreement, name="Ada Ash")
    ParticipationFactory(engagement=engagement, person=person, role="chair", attendance="came")
    DecisionFactory(engagement=engagement, text="We go on.")
    ActionFactory(agreement=cast.agreement, engagement=engagement, title="Write it up", owner_person=person)
    return engagement


def stored(engagement):
    return Engagement.objects.get(pk=engagement.pk)


# One at a time


def test_a_form_that_is_sent_unchanged_changes_nothing(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    response = client.post(page, as_sent(client.get(page)), follow=True)
    assert (response.redirect_chain, said(response)) == (
        [(engagement.get_absolute_url(), 302)],
        ["Saved. Nobody was emailed."],
    )
    after = stored(engagement)
    assert (after.title, after.status, after.sequence, after.schedule_version) == ("Skills workshop", "held", 0, 1)
    participation = after.participations.get()
    assert (participation.role, participation.attendance) == ("chair", "came")
    assert [str(part.get()) for part in (after.hosts, after.workstreams, after.decisions, after.actions)] == [
        "LGA",
        cast.workstream.name,
        "We go on.",
        "Write it up",
    ]


def test_what_is_changed_is_saved(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    other = WorkstreamFactory(agreement=cast.agreement)
    person = PersonFactory(agreement=cast.agreement, name="Bo Birch")
    changed = {
        "title": "Better",
        "status": "confirmed",
        "decisions": "We stop.",
        "workstreams": [other.pk],
        "who": [person.pk],
        "host_list": [cast.techuk.organisation.pk],
        "actions-0-title": "Write it down",
        "actions-0-owner": "LGA",
        "actions-1-title": "Send it round",
        "actions-1-owner": "techUK",
    }
    client.post(page, as_sent(client.get(page)) | changed)
    after = stored(engagement)
    assert (after.title, after.status, after.updated_by.user) == ("Better", "confirmed", cast.officer)
    parts = (after.decisions, after.workstreams, after.participations, after.hosts)
    assert [str(part.get()) for part in parts] == ["We stop.", other.name, "Bo Birch", "techUK"]
    assert {action.title: str(action.owner_organisation) for action in after.actions.all()} == {
        "Write it down": "LGA",
        "Send it round": "techUK",
    }


def test_an_action_can_be_removed(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    client.post(page, as_sent(client.get(page)) | {"actions-0-DELETE": "on", "actions-0-title": ""})
    assert not engagement.actions.exists()


def test_an_action_cannot_be_emptied(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    response = client.post(page, as_sent(client.get(page)) | {"actions-0-title": ""})
    assert response.context["form"].rows.forms[0].errors == {"title": ["Say what is to be done."]}


def test_an_action_of_another_engagement_is_not_changed_from_here(cast, engagement):
    other = ActionFactory(agreement=cast.agreement, engagement=held(cast), title="Theirs")
    client, page = browser(cast.officer), address("edit", engagement)
    client.post(page, as_sent(client.get(page)) | {"actions-0-id": other.pk, "actions-0-title": "Mine"})
    other.refresh_from_db()
    assert other.title == "Theirs"


def test_a_workstream_that_was_archived_stays_until_it_is_taken_out(cast, engagement):
    cast.workstream.archived_on = day(-1)
    cast.workstream.save()
    client, page = browser(cast.officer), address("edit", engagement)
    client.post(page, as_sent(client.get(page)))
    assert stored(engagement).workstreams.get() == cast.workstream


def test_a_committee_that_is_chosen_brings_its_seat_holders(cast, engagement):
    committee = CommitteeFactory(agreement=cast.agreement)
    SeatFactory(committee=committee, holder=PersonFactory(agreement=cast.agreement, name="Holder"))
    client, page = browser(cast.officer), address("edit", engagement)
    client.post(page, as_sent(client.get(page)) | {"kind": "committee", "committee": committee.pk})
    assert sorted(str(p) for p in engagement.participations.all()) == ["Ada Ash", "Holder"]


def test_a_day_still_to_come_cannot_have_been(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    response = client.post(page, as_sent(client.get(page)) | {"starts_on": day(3).isoformat()})
    assert errors_of(response) == {"status": ["Its day is still to come, so it cannot have taken place yet."]}


def test_what_was_cancelled_is_edited_and_stays_cancelled(cast, engagement):
    cancel_engagement(engagement, by=cast.officer)
    client, page = browser(cast.officer), address("edit", engagement)
    client.post(page, as_sent(client.get(page)) | {"title": "Better", "status": "held"})
    assert (stored(engagement).title, stored(engagement).status) == ("Better", "cancelled")


def test_nothing_can_be_cancelled_from_the_form(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    response = client.post(page, as_sent(client.get(page)) | {"status": "cancelled"})
    assert errors_of(response) == {"status": ["Choose one of those shown."]}


def test_a_program_that_sends_no_rows_leaves_the_actions(cast, engagement):
    client, page = browser(cast.officer), address("edit", engagement)
    sent = {name: value for name, value in as_sent(client.get(page)).items() if not name.startswith("actions-")}
    client.post(page, sent)
    assert engagement.actions.get().title == "Write it up"


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("administrator", 403), ("outsider", 404)])
def test_only_editors_and_leads_edit(cast, engagement, who, status):
    client, page = browser(getattr(cast, who)), address("edit", engagement)
    assert client.get(page).status_code == status
    assert client.post(page, full()).status_code == status
    assert stored(engagement).revision == 1


# Two at a time


def test_two_people_who_edit_the_same_record_are_told_and_lose_nothing(cast, engagement):
    page = address("edit", engagement)
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form, their_form = as_sent(mine.get(page)), as_sent(theirs.get(page))
    theirs.post(page, their_form | {"title": "Theirs", "outcomes": "Something else"})
    added = {"title": "Mine", "decisions": "First\nSecond", "actions-1-title": "New", "actions-1-owner": "LGA"}
    response = mine.post(page, my_form | added)

    form = response.context["form"]
    assert (response.status_code, stored(engagement).title) == (200, "Theirs")
    assert [each[1:] for each in form.conflict.differences] == [("Title", "Theirs", "Mine")]
    assert [each[1:] for each in form.conflict.kept] == [("Outcomes", "Something else", "Much")]
    text = one_line(response.content.decode())
    assert re.search("Officer saved this on .*, while you were editing it", text)
    assert "Theirs, as saved" in text
    assert (form["title"].value(), form.rows.forms[1]["title"].value()) == ("Mine", "New")


def test_whoever_was_overtaken_can_put_theirs_in_its_place(cast, engagement):
    page = address("edit", engagement)
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form = as_sent(mine.get(page))
    theirs.post(page, as_sent(theirs.get(page)) | {"title": "Theirs"})
    refused = mine.post(page, my_form | {"title": "Mine"})
    mine.post(page, my_form | {"title": "Mine", "seen": refused.context["form"]["seen"].value()})
    assert stored(engagement).title == "Mine"


def test_and_is_told_again_if_somebody_saves_meanwhile(cast, engagement):
    page = address("edit", engagement)
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form = as_sent(mine.get(page))
    for title in ("Theirs", "Theirs again"):
        theirs.post(page, as_sent(theirs.get(page)) | {"title": title})
        refused = mine.post(page, my_form | {"title": "Mine"})
        my_form["seen"] = refused.context["form"]["seen"].value()
        assert refused.context["form"].conflict.differences[0].theirs == title


def test_what_only_one_of_two_changed_has_what_that_one_wrote(cast, engagement):
    page = address("edit", engagement)
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form = as_sent(mine.get(page))
    theirs.post(page, as_sent(theirs.get(page)) | {"outcomes": "Theirs", "decisions": "Theirs", "who": []})
    assert mine.post(page, my_form | {"title": "Mine", "workstreams": []}).status_code == 302
    engagement = stored(engagement)
    assert (engagement.title, engagement.outcomes) == ("Mine", "Theirs")
    assert [decision.text for decision in engagement.decisions.all()] == ["Theirs"]
    assert (engagement.workstreams.count(), engagement.participations.count()) == (0, 0)


def test_times_belong_together(cast, engagement):
    page = address("edit", engagement)
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form = as_sent(mine.get(page))
    theirs.post(page, as_sent(theirs.get(page)) | {"start_time": "09:00", "end_time": "10:00"})
    refused = mine.post(page, my_form | {"ends_on": "2026-12-24"})
    assert {each.label for each in refused.context["form"].conflict.differences} >= {"From", "To"}
    assert stored(engagement).start_time == dt.time(9)


def test_people_hosts_workstreams_and_kinds_are_compared_in_words(cast, engagement):
    page, council = address("edit", engagement), cast.agreement.organisations.create(name="A council", kind="council")
    other = WorkstreamFactory(agreement=cast.agreement, name="Other")
    mine, theirs = browser(cast.officer), browser(cast.techuk_officer)
    my_form = as_sent(mine.get(page))
    changed = {"who": [], "host_list": [], "workstreams": [], "kind": "webinar"}
    theirs.post(page, as_sent(theirs.get(page)) | changed)
    my_form |= {"kind": "policy", "host_list": [council.pk], "workstreams": [other.pk]}
    refused = mine.post(page, my_form | sent_row("Zoë Ash", "new", organisation="A new body"))
    assert {each.label: (each.theirs, each.mine) for each in refused.context["form"].conflict.differences} == {
        "Kind": ("Webinar", "Policy discussion"),
        "Hosts": ("", "A council"),
        "Who came": ("", "Ada Ash, Zoë Ash"),
        "Workstreams": ("", "Other"),
    }
    assert not cast.agreement.people.filter(name="Zoë Ash").exists()


def test_an_action_changed_on_its_own_page_is_not_overwritten_unseen(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    my_form, action = as_sent(client.get(page)), engagement.actions.get()
    action.title = "Theirs"
    change_action(action, by=cast.techuk_officer)
    refused = client.post(page, my_form | {"actions-0-title": "Mine"})
    [difference] = refused.context["form"].conflict.differences
    assert difference[1:] == ("Action 1", "Theirs: Ada Ash", "Mine: Ada Ash")
    assert client.post(page, my_form).status_code == 302
    assert engagement.actions.get().title == "Theirs"


def test_an_action_deleted_meanwhile_can_be_kept(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    my_form, change = as_sent(client.get(page)), {"actions-0-title": "Write it all up"}
    delete_action(engagement.actions.get(), by=cast.techuk_officer)
    refused = client.post(page, my_form | change)
    assert refused.context["form"].conflict.differences[0].theirs == "Removed"
    client.post(page, my_form | {**change, "seen": refused.context["form"]["seen"].value()})
    assert engagement.actions.get().title == "Write it all up"


def test_an_action_deleted_meanwhile_that_nobody_touched_stays_away(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    my_form = as_sent(client.get(page))
    delete_action(engagement.actions.get(), by=cast.techuk_officer)
    assert client.post(page, my_form).status_code == 302
    assert not engagement.actions.exists()


def test_an_action_done_meanwhile_stays_done(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    my_form = as_sent(client.get(page))
    finish_action(engagement.actions.get(), by=cast.techuk_officer)
    client.post(page, my_form | {"actions-0-title": "Write it down"})
    action = engagement.actions.get()
    assert (action.title, action.is_done) == ("Write it down", True)


def test_one_that_is_cancelled_meanwhile_is_not_called_on_again(cast):
    engagement = planned(cast)
    page, client = address("edit", engagement), browser(cast.officer)
    my_form = as_sent(client.get(page))
    cancel_engagement(engagement, by=cast.techuk_officer)
    client.post(page, my_form | {"title": "Mine"})
    assert (stored(engagement).status, stored(engagement).title) == ("cancelled", "Mine")


def test_a_program_that_does_not_say_what_it_has_seen_is_told_nothing(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    sent = as_sent(client.get(page)) | {"title": "Mine", "seen": "x=y nonsense = title"}
    assert client.post(page, sent).status_code == 302
    assert stored(engagement).title == "Mine"


def test_sent_twice_it_is_saved_again_and_nobody_is_told_of_a_conflict(cast, engagement):
    page, client = address("edit", engagement), browser(cast.officer)
    sent = as_sent(client.get(page)) | {"title": "Mine"}
    assert [client.post(page, sent).status_code for _ in "ab"] == [302, 302]
    assert stored(engagement).title == "Mine"


def test_private_notes_are_no_part_of_the_form(cast, engagement):
    NoteFactory(engagement=engagement, party=cast.techuk, text="Between us")
    assert "Between us" not in browser(cast.officer).get(address("edit", engagement)).content.decode()

"""Adding and changing a commitment."""

import uuid
from datetime import date

import pytest

from commitments.models import Commitment
from tests.factories import PartyFactory, WorkstreamFactory

RHYTHM = {"measure": "rhythm", "rhythm_count": "4", "rhythm_period": "year", "rhythm_kinds": ["roundtable"]}


def errors(response, field):
    return response.context["form"].errors.get(field)


def test_a_lead_adds_a_commitment_with_its_rhythm_and_workstreams(cast, sign_in, at, filled):
    sent = filled(**RHYTHM, workstreams=[cast.workstream.pk], given_by=cast.lga.pk, is_illustrative="on")
    response = sign_in(cast.lead).post(at("new"), sent)
    commitment = Commitment.objects.get()
    assert response.url == at("commitment", commitment.pk)
    assert commitment.measure_in_words == "4 roundtables a year"
    assert commitment.given_in_words == "LGA"
    assert list(commitment.workstreams.all()) == [cast.workstream]


def test_sent_twice_it_is_saved_once(cast, sign_in, at, filled):
    client, sent = sign_in(cast.lead), filled(form_key=str(uuid.uuid4()))
    first, second = client.post(at("new"), sent), client.post(at("new"), sent)
    assert first.url == second.url
    assert Commitment.objects.count() == 1


def test_new_commitments_stand_last_in_the_list(cast, sign_in, at, filled, commitment):
    sign_in(cast.lead).post(at("new"), filled(title="Another"))
    assert [c.title for c in Commitment.objects.all()] == ["A seat", "Another"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"title": ""}, "title", "Give it a title."),
        ({"title": "x" * 100_000}, "title", "This has 100000 characters, at most 150 are possible."),
        ({"title": "a\x00b"}, "title", "This holds a character that cannot be saved (NUL): type it again."),
        (RHYTHM | {"rhythm_count": ""}, "rhythm_count", "Say how many: a whole number, at least 1."),
        (RHYTHM | {"rhythm_count": "0"}, "rhythm_count", "Say how many: a whole number, at least 1."),
        (RHYTHM | {"rhythm_period": ""}, "rhythm_period", "Choose in what period."),
        ({"measure": "due"}, "due_on", "Give the date by which it is due."),
        (
            {"source_url": "javascript:alert(1)"},
            "source_url",
            "Give a web address that begins with https:// or http://.",
        ),
        (
            {"source_url": "ftp://files.example/a"},
            "source_url",
            "Give a web address that begins with https:// or http://.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
    cast, sign_in, at, filled, fields, field, sentence
):
    response = sign_in(cast.lead).post(at("new"), filled(clause="Paragraph 9", **fields))
    assert errors(response, field) == [sentence]
    assert Commitment.objects.count() == 0
    assert 'value="Paragraph 9"' in response.content.decode()


def test_an_unknown_kind_or_measure_is_refused(cast, sign_in, at, filled):
    response = sign_in(cast.lead).post(at("new"), filled(**RHYTHM | {"rhythm_kinds": ["party"]}))
    assert "Choose" in errors(response, "rhythm_kinds")[0]
    response = sign_in(cast.lead).post(at("new"), filled(measure="magic"))
    assert "Choose" in errors(response, "measure")[0]


def test_only_the_fields_of_the_chosen_measure_are_kept(cast, sign_in, at, filled):
    sign_in(cast.lead).post(at("new"), filled(**RHYTHM | {"measure": "due", "rhythm_count": "x"}, due_on="2027-03-31"))
    commitment = Commitment.objects.get()
    assert (commitment.due_on, commitment.rhythm_count, commitment.rhythm_kinds) == (date(2027, 3, 31), None, [])


def test_a_party_cannot_promise_something_to_itself(cast, sign_in, at, filled):
    response = sign_in(cast.lead).post(at("new"), filled(given_by=cast.lga.pk, given_to=cast.lga.pk))
    assert errors(response, "given_to") == ["A party cannot promise something to itself."]


def test_parties_and_workstreams_of_another_agreement_are_not_offered(cast, sign_in, at, filled):
    party, workstream = PartyFactory(agreement=cast.elsewhere), WorkstreamFactory(agreement=cast.elsewhere)
    response = sign_in(cast.lead).post(at("new"), filled(given_by=party.pk, workstreams=[workstream.pk]))
    assert errors(response, "given_by")
    assert errors(response, "workstreams")
    assert Commitment.objects.count() == 0


def test_an_archived_workstream_stays_with_a_commitment_that_has_it(cast, sign_in, at, filled, commitment):
    old = WorkstreamFactory(agreement=cast.agreement, archived_on=date(2026, 1, 1))
    commitment.workstreams.add(old, through_defaults={"agreement": cast.agreement})
    offered = sign_in(cast.lead).get(at("edit", commitment.pk)).context["form"].fields["workstreams"].queryset
    assert set(offered) == {old, cast.workstream}
    assert set(sign_in(cast.lead).get(at("new")).context["form"].fields["workstreams"].queryset) == {cast.workstream}


def test_a_lead_changes_a_commitment(cast, sign_in, at, filled, commitment):
    sign_in(cast.techuk_lead).post(at("edit", commitment.pk), filled(title="A seat and a voice"))
    commitment.refresh_from_db()
    assert (commitment.title, commitment.given_by) == ("A seat and a voice", None)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_second_is_shown_both_versions(cast, sign_in, at, filled, commitment):
    page, client = at("edit", commitment.pk), sign_in(cast.techuk_lead)
    seen = client.get(page).context["form"]["seen"].value()
    sign_in(cast.lead).post(page, filled(title="As Lead has it"))
    response = client.post(page, filled(title="As I have it", seen=seen))
    commitment.refresh_from_db()
    assert (response.status_code, commitment.title) == (200, "As Lead has it")
    assert ("title", "Title", "As Lead has it", "As I have it") in response.context["form"].conflict.differences
    assert "Lead saved this on" in response.content.decode()
    assert 'value="As I have it"' in response.content.decode()
    again = response.context["form"]["seen"].value()
    assert client.post(page, filled(title="As I have it", seen=again)).status_code == 302
    commitment.refresh_from_db()
    assert commitment.title == "As I have it"


def test_a_measure_is_one_thing_of_which_nobody_changes_half_unseen(cast, sign_in, at, filled, commitment):
    page, client = at("edit", commitment.pk), sign_in(cast.lead)
    Commitment.objects.filter(pk=commitment.pk).update(measure="rhythm", rhythm_count=4, rhythm_period="year")
    form, rhythm = client.get(page).context["form"], {"measure": "rhythm", "rhythm_period": "year"}
    seen = form["seen"].value()
    Commitment.objects.filter(pk=commitment.pk).update(rhythm_count=6)
    mine = filled(title="A seat", **rhythm | {"rhythm_count": 4, "rhythm_period": "quarter"}, seen=seen)
    conflict = client.post(page, mine).context["form"].conflict
    assert {each.name for each in conflict.differences} >= {"rhythm_count", "rhythm_period"}


def test_names_without_spaces_right_to_left_or_with_an_emoji_simply_work(cast, sign_in, at, filled):
    for title in ("x" * 150, "مذكرة تفاهم", "Roundtables 🎉"):
        sign_in(cast.lead).post(at("new"), filled(title=title))
        assert title in sign_in(cast.lead).get(at("list")).content.decode()

"""What counts towards a commitment: by its rule, and by hand."""

import datetime as dt

import pytest

from commitments.models import Evidence
from commitments.presenters.counting import standings
from engagements.models import EngagementWorkstream
from tests.factories import (
    AgreementDateFactory,
    CommitmentFactory,
    EngagementFactory,
    EvidenceFactory,
    WorkstreamFactory,
)

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
DAYS = ["2026-03-31", "2026-04-01", "2026-11-23", "2026-12-03", "2027-03-31", "2027-04-01"]
"""On either side of each edge of the agreement year."""


@pytest.fixture(autouse=True)
def november(time_machine):
    """It is noon on 24 November 2026, and stays so."""
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def rhythm(cast):
    """Four roundtables a year."""
    what = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["roundtable"]}
    return CommitmentFactory(agreement=cast.agreement, title="Four roundtables", **what)


@pytest.fixture
def due(cast):
    """A guide by the end of March."""
    return CommitmentFactory(agreement=cast.agreement, title="A guide", measure="due", due_on=dt.date(2027, 3, 31))


@pytest.fixture
def roundtable(cast):
    """``roundtable(title=…)`` is a roundtable held in June, with these fields changed."""
    return lambda **fields: EngagementFactory(agreement=cast.agreement, **({"kind": "roundtable"} | fields))


def found(cast, commitment):
    """How a commitment stands, as a lead sees it."""
    return next(one for one in standings(cast.lead, cast.agreement, NOON) if one.pk == commitment.pk)


def counts(cast, commitment):
    one = found(cast, commitment)
    return one.held_count, one.coming_count


def test_what_is_held_and_to_come_in_the_year_counts_and_nothing_else(cast, rhythm, roundtable):
    for day in DAYS:
        status = "held" if day < "2026-11-24" else "planned"
        roundtable(starts_on=dt.date.fromisoformat(day), status=status)
    for fields in ({"kind": "workshop"}, {"is_public_event": True}, {"status": "cancelled"}, {"status": "planned"}):
        roundtable(**fields)
    EngagementFactory(agreement=cast.elsewhere, kind="roundtable")
    assert counts(cast, rhythm) == (2, 2)
    assert found(cast, rhythm).last_on == dt.date(2026, 11, 23)


def test_a_rhythm_of_quarters_begins_again_each_quarter(cast, rhythm, roundtable):
    type(rhythm).objects.update(rhythm_period="quarter")
    for day in ("2026-09-30", "2026-10-01", "2026-11-23"):
        roundtable(starts_on=dt.date.fromisoformat(day))
    assert counts(cast, rhythm) == (2, 0)
    assert found(cast, rhythm).standing.state == "on course"


def test_only_its_workstreams_count_and_each_engagement_once(cast, rhythm, roundtable):
    streams = [cast.workstream, WorkstreamFactory(agreement=cast.agreement)]
    for stream in streams:
        rhythm.workstreams.add(stream, through_defaults={"agreement": cast.agreement})
    both, _ = roundtable(), roundtable()
    for stream in streams:
        EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=both, workstream=stream)
    assert counts(cast, rhythm) == (1, 0)


def test_without_kinds_every_kind_counts(cast, rhythm, roundtable):
    type(rhythm).objects.update(rhythm_kinds=[])
    roundtable(kind="webinar")
    assert counts(cast, rhythm) == (1, 0)


def test_what_is_struck_out_does_not_count_and_what_is_added_does(cast, rhythm, roundtable):
    EvidenceFactory(commitment=rhythm, engagement=roundtable(), counts=False)
    EvidenceFactory(commitment=rhythm, engagement=roundtable(kind="workshop"))
    EvidenceFactory(commitment=rhythm, engagement=roundtable())
    assert counts(cast, rhythm) == (2, 0)


def test_a_public_event_counts_for_nothing_even_by_hand(cast, rhythm, roundtable):
    EvidenceFactory(commitment=rhythm, engagement=roundtable(is_public_event=True))
    assert counts(cast, rhythm) == (0, 0)


def test_other_measures_count_by_hand_alone(cast, due, roundtable):
    roundtable()
    assert counts(cast, due) == (0, 0)
    EvidenceFactory(commitment=due, engagement=roundtable(starts_on=dt.date(2025, 5, 1)))
    assert counts(cast, due) == (1, 0)


def test_without_an_effective_date_a_rhythm_is_not_measured(cast, sign_in, at, rhythm, roundtable):
    roundtable()
    cast.agreement.dates.all().delete()
    page = sign_in(cast.viewer).get(at("commitment", rhythm.pk)).content.decode()
    assert "Not measured" in page
    assert "The agreement has no effective date" in page


def test_an_agreement_that_has_ended_shows_its_last_year(cast, rhythm, roundtable):
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=dt.date(2026, 3, 31))
    cast.agreement.status = "ended"
    roundtable(starts_on=dt.date(2026, 3, 31))
    roundtable(starts_on=dt.date(2026, 4, 1))
    one = found(cast, rhythm)
    assert (one.standing.state, one.standing.reason) == (
        "late",
        "1 of 4 held by the end of the agreement, 31 March 2026",
    )


def test_effective_on_29_february_its_year_ends_on_the_28th(cast, rhythm, roundtable):
    cast.agreement.dates.update(on=dt.date(2024, 2, 29))
    roundtable(starts_on=dt.date(2026, 2, 28))
    roundtable(starts_on=dt.date(2026, 3, 1))
    assert counts(cast, rhythm) == (1, 0)


def test_the_list_says_the_state_why_and_when_evidence_was_last(cast, sign_in, at, rhythm, roundtable):
    roundtable(starts_on=dt.date(2026, 6, 10))
    page = sign_in(cast.viewer).get(at("list")).content.decode()
    for words in ("Slipping", "1 of 4 held, none planned, 4 months left", "10 June 2026"):
        assert words in page


def test_the_page_lists_what_counts_in_order_of_time(cast, sign_in, at, rhythm, roundtable):
    roundtable(title="Second", starts_on=dt.date(2026, 7, 1))
    roundtable(title="First", starts_on=dt.date(2026, 6, 1))
    struck = roundtable(title="Odd one", starts_on=dt.date(2026, 8, 1))
    EvidenceFactory(commitment=rhythm, engagement=struck, counts=False, reason="It was a dinner.")
    page = sign_in(cast.viewer).get(at("commitment", rhythm.pk)).content.decode()
    places = [page.index(words) for words in ("First", "1st of 4", "Second", "2nd of 4", "Odd one", "It was a dinner.")]
    assert places == sorted(places)
    assert "Strike out<" not in page
    assert at("rules") in page


def test_a_lead_strikes_one_out_with_a_reason_and_takes_it_back(cast, sign_in, at, rhythm, roundtable):
    engagement, client = roundtable(), sign_in(cast.lead)
    assert "Strike this out?" in client.get(at("evidence", rhythm.pk, engagement.pk)).content.decode()
    client.post(at("evidence", rhythm.pk, engagement.pk), {"reason": "It was a dinner."})
    assert counts(cast, rhythm) == (0, 0)
    said = Evidence.objects.get()
    assert (said.counts, said.reason, said.added_by.user) == (False, "It was a dinner.", cast.lead)
    for _ in range(2):
        client.post(at("withdraw", rhythm.pk, engagement.pk))
    assert counts(cast, rhythm) == (1, 0)


def test_a_lead_finds_another_and_adds_it(cast, sign_in, at, rhythm, roundtable):
    workshop = roundtable(kind="workshop", title="Skills day")
    roundtable(title="Skills roundtable")
    roundtable(kind="webinar", title="Skills in public", is_public_event=True)
    client = sign_in(cast.lead)
    page = client.get(at("find_evidence", rhythm.pk) + "?q=skills").content.decode()
    assert at("evidence", rhythm.pk, workshop.pk) in page
    assert "Skills roundtable" not in page
    assert "Skills in public" not in page
    client.post(at("evidence", rhythm.pk, workshop.pk), {"reason": "Held as a roundtable."})
    assert counts(cast, rhythm) == (2, 0)
    assert "Held as a roundtable." in client.get(at("commitment", rhythm.pk)).content.decode()


def test_what_was_held_is_offered_first_and_what_is_to_come_is_found_by_its_words(
    cast, sign_in, at, rhythm, roundtable
):
    held = roundtable(kind="workshop", title="Skills day")
    coming = roundtable(kind="workshop", title="Skills week", status="planned", starts_on=dt.date(2090, 1, 1))
    client = sign_in(cast.lead)
    page = client.get(at("find_evidence", rhythm.pk)).content.decode()
    assert at("evidence", rhythm.pk, held.pk) in page
    assert at("evidence", rhythm.pk, coming.pk) not in page
    page = client.get(at("find_evidence", rhythm.pk) + "?q=skills").content.decode()
    assert at("evidence", rhythm.pk, coming.pk) in page


def test_without_a_reason_it_is_not_saved_and_says_so(cast, sign_in, at, rhythm, roundtable):
    response = sign_in(cast.lead).post(at("evidence", rhythm.pk, roundtable().pk), {"reason": "  "})
    assert "Say why: those who read the figures will ask." in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_public_event_is_refused_with_what_was_typed_kept(cast, sign_in, at, rhythm, roundtable):
    event = roundtable(is_public_event=True)
    page = sign_in(cast.lead).post(at("evidence", rhythm.pk, event.pk), {"reason": "We were there."}).content.decode()
    assert "counts towards nothing" in page
    assert "We were there." in page
    assert not Evidence.objects.exists()


def test_an_engagement_of_another_agreement_is_not_found(cast, sign_in, at, rhythm):
    other = EngagementFactory(agreement=cast.elsewhere)
    assert sign_in(cast.lead).get(at("evidence", rhythm.pk, other.pk)).status_code == 404


def test_a_lead_says_on_which_day_it_was_met_and_takes_it_back(cast, sign_in, at, due):
    client = sign_in(cast.lead)
    client.post(at("met", due.pk), {"met_on": "2026-11-20"})
    assert found(cast, due).standing.reason == "met on 20 November 2026"
    client.post(at("not_met", due.pk))
    assert found(cast, due).standing.state == "on course"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ("", "Give the day on which it was met."),
        ("2026-11-25", "This day is still to come."),
        ("0001-01-01", "Give a year from 1990 to 2100."),
        ("yesterday", "Give a date such as 12 May 2026."),
    ],
)
def test_a_day_that_cannot_be_is_refused(cast, sign_in, at, due, sent, sentence):
    assert sentence in sign_in(cast.lead).post(at("met", due.pk), {"met_on": sent}).content.decode()
    due.refresh_from_db()
    assert due.met_on is None


def test_only_what_is_due_by_a_date_can_be_met(cast, sign_in, at, rhythm):
    assert sign_in(cast.lead).get(at("met", rhythm.pk)).status_code == 404


def test_with_another_measure_it_is_no_longer_met(cast, sign_in, at, filled, due):
    type(due).objects.update(met_on=dt.date(2026, 11, 1))
    sign_in(cast.lead).post(at("edit", due.pk), filled())
    due.refresh_from_db()
    assert (due.measure, due.met_on) == ("narrative", None)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_much_counts(
    cast, sign_in, at, rhythm, roundtable, number, django_assert_num_queries
):
    for _ in range(number):
        EvidenceFactory(commitment=rhythm, engagement=roundtable())
        EvidenceFactory(commitment=rhythm, engagement=roundtable(), counts=False)
    client = sign_in(cast.lead)
    with django_assert_num_queries(11):
        client.get(at("commitment", rhythm.pk))


@pytest.mark.django_db(transaction=True)
def test_history_tells_what_was_said_by_hand(cast, sign_in, at, rhythm, roundtable):
    engagement, client = roundtable(title="A dinner"), sign_in(cast.lead)
    client.post(at("evidence", rhythm.pk, engagement.pk), {"reason": "It was a dinner."})
    first = client.get(at("history", rhythm.pk)).context["entries"][0]
    assert (first.who, first.verb) == ("Lead", "struck out")
    assert any("A dinner" in change.after for change in first.changes)


@pytest.mark.parametrize("counts", ["on", ""])
def test_administrators_say_it_in_admin_by_the_same_verbs(cast, sign_in, rhythm, roundtable, counts):
    engagement, client = roundtable(), sign_in(cast.administrator)
    sent = {"agreement": cast.agreement.pk, "commitment": rhythm.pk, "engagement": engagement.pk, "reason": "So it is."}
    client.post("/admin/commitments/evidence/add/", sent | ({"counts": counts} if counts else {}))
    said = Evidence.objects.get()
    assert (said.counts, said.reason) == (bool(counts), "So it is.")
    client.post(f"/admin/commitments/evidence/{said.pk}/delete/", {"post": "yes"})
    assert not Evidence.objects.exists()


def test_admin_refuses_to_count_a_public_event(cast, sign_in, rhythm, roundtable):
    event = roundtable(is_public_event=True)
    sent = {"agreement": cast.agreement.pk, "commitment": rhythm.pk, "engagement": event.pk, "reason": "x"}
    response = sign_in(cast.administrator).post("/admin/commitments/evidence/add/", sent | {"counts": "on"})
    assert "counts towards nothing" in response.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("show", "titles"),
    [
        ("kept", ["A guide"]),
        ("slipping", ["Four roundtables"]),
        ("late", []),
        ("", ["Four roundtables", "A guide", "In words"]),
        ("nonsense", ["Four roundtables", "A guide", "In words"]),
    ],
)
def test_the_list_can_be_cut_to_those_of_a_state(cast, sign_in, at, rhythm, due, show, titles):
    CommitmentFactory(agreement=cast.agreement, title="In words")
    page = sign_in(cast.viewer).get(at("list") + f"?show={show}").content.decode()
    shown = [title for title in ("Four roundtables", "A guide", "In words") if f"<bdi>{title}</bdi>" in page]
    assert shown == titles
    assert (">Clear</a>" in page) is bool(show)
    assert ("is not one of the choices" in page) is (show == "nonsense")

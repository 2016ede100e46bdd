"""The page of the plan: what it shows to whom, how leads set it, and what it does with nonsense."""

import csv
import datetime as dt
import threading

import pytest
from django.db import connections
from django.urls import reverse

from commitments.models import PlanNumber
from commitments.operations import save_plan
from engagements.models import Engagement
from partnership.agreement_years import year_numbered
from partnership.models import AgreementDate
from records.edit_conflicts import ConflictError, mark
from tests.dashboards.pages import Page, rows_behind
from tests.factories import AgreementDateFactory, CommitmentFactory, EngagementFactory

YEAR = year_numbered(dt.date(2025, 4, 1), 2)
ROLES = ["viewer", "officer", "lead", "administrator"]
BUDGET = 6


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def rhythm(cast):
    """``rhythm(4, "workshop")`` adds a commitment of so many of these kinds a year."""

    def add(count, *kinds, period="year"):
        fields = {"measure": "rhythm", "rhythm_count": count, "rhythm_period": period, "rhythm_kinds": list(kinds)}
        return CommitmentFactory(agreement=cast.agreement, **fields)

    return add


@pytest.fixture
def visit(sign_in, at):
    """``visit(user, year=2)`` gives the page of the plan as ``user`` sees it."""
    return lambda user, **query: Page(sign_in(user).get(at("plan"), query))


def stored(year=2):
    return dict(PlanNumber.objects.filter(year=year).values_list("kind", "number"))


def hold(cast, times, kind="workshop", day=dt.date(2026, 6, 10), **fields):
    return EngagementFactory.create_batch(times, agreement=cast.agreement, kind=kind, starts_on=day, **fields)


def form_of(client, at, year=2):
    return client.get(f"{at('edit_plan')}?year={year}").context["form"]


def send(client, at, year=2, **numbers):
    return client.post(f"{at('edit_plan')}?year={year}", numbers)


@pytest.mark.parametrize("role", ROLES)
def test_everyone_in_the_agreement_reads_the_plan_against_what_was_held(cast, visit, role):
    save_plan(cast.agreement, YEAR, {"workshop": 12, "webinar": 6, "policy": 0}, by=cast.lead)
    hold(cast, 9)
    hold(cast, 2, "bilateral")
    hold(cast, 1, day=dt.date(2026, 3, 31))
    text = visit(getattr(cast, role)).text
    for words in (
        "11 held of 18 in the plan as many as the plan has by now",
        "Workshop 12 9 1 more by now",
        "Webinar 6 0 3 fewer by now",
        "Policy discussion 0 0 as many by now",
        "Bilateral no number 2",
        "The leads have set these numbers.",
        "Agreement year 3 begins on 1 April 2027, no plan",
        "Agreement year 1 1 held, no plan",
    ):
        assert words in text
    assert ("Change the plan" in text) is (role == "lead")
    assert ("Who changed what" in text) is (role in ("officer", "lead"))


def test_nobody_else_knows_that_there_is_one(cast, sign_in, at):
    for name in ("plan", "edit_plan", "plan_history", "plan_export_csv"):
        assert sign_in(cast.outsider).get(at(name)).status_code == 404
    assert send(sign_in(cast.outsider), at, workshop="1").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "officer", "administrator"])
def test_only_a_lead_sets_it(cast, sign_in, at, role):
    assert send(sign_in(getattr(cast, role)), at, workshop="1").status_code == 403
    assert stored() == {}


def test_while_leads_have_set_none_it_is_the_sum_of_the_rhythms(cast, visit, rhythm):
    for asked in ((4, "workshop"), (2, "roundtable", "webinar"), (3,)):
        rhythm(*asked)
    rhythm(1, "policy", period="quarter")
    text = visit(cast.lead).text
    assert "Workshop 4 0" in text
    assert "Policy discussion 4 0" in text
    assert "Of several kinds 5" in text
    assert "All 13 0" in text
    assert "the sum of the rhythms as they are today" in text
    assert "Set the plan" in text


def test_with_neither_nothing_is_compared(cast, visit):
    hold(cast, 3)
    text = visit(cast.viewer).text
    assert "This year has no plan" in text
    assert "than the plan" not in text
    assert "as many" not in text


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_every_number_is_that_of_the_rows_behind_it(cast, sign_in, at, role):
    for status in ("held", "planned", "cancelled"):
        hold(cast, 2, status=status)
    hold(cast, 1, is_public_event=True)
    for day in ("2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01"):
        hold(cast, 1, "webinar", dt.date.fromisoformat(day))
    EngagementFactory(agreement=cast.elsewhere)
    client = sign_in(getattr(cast, role))
    numbers = Page(client.get(at("plan"))).numbers
    assert sorted(number for _, number in numbers) == [2, 2, 4]
    assert numbers == [(url, rows_behind(client, url)) for url, _ in numbers]


def test_a_lead_sets_changes_and_takes_back_the_numbers_of_a_year(cast, sign_in, at, rhythm):
    rhythm(4, "workshop")
    client = sign_in(cast.lead)
    assert send(client, at, 3, workshop="12", webinar="0", policy="").status_code == 302
    assert (stored(3), stored(2)) == ({"workshop": 12, "webinar": 0}, {})
    assert send(client, at, 3, workshop=" 10 ", bilateral="999").status_code == 302
    assert stored(3) == {"workshop": 10, "bilateral": 999}
    page = client.get(f"{at('edit_plan')}?year=3").content.decode()
    assert "Use the sum of the rhythms instead" in page
    seen = form_of(client, at, 3)["seen"].value()
    response = client.post(f"{at('edit_plan')}?year=3", {"seen": seen}, follow=True)
    assert stored(3) == {}
    assert "No number is set for agreement year 3" in response.content.decode()


@pytest.mark.parametrize("typed", ["1000", "-1", "abc", "1.5", "nan", "9" * 5000, "1\0", "²", "１２x"])
def test_what_is_no_number_of_the_plan_is_told_beside_its_field_and_nothing_is_lost(cast, sign_in, at, typed):
    response = send(sign_in(cast.lead), at, workshop=typed, webinar="6")
    form = response.context["form"]
    assert (response.status_code, stored()) == (200, {})
    assert form.errors["workshop"] == ["Give a whole number from 0 to 999, or leave it empty."]
    assert (form["workshop"].value(), form["webinar"].value()) == (typed, "6")
    assert "Workshop: Give a whole number" in response.content.decode()


@pytest.mark.parametrize("asked", ["0", "-1", "62", "4", "9999999", "9" * 5000, "abc", "2\0", "²", "1.0"])
def test_a_year_out_of_reach_is_a_clear_page(cast, sign_in, at, asked):
    client = sign_in(cast.lead)
    says = "There is a plan for agreement years 1 to 3 only, so this year&#x27;s is shown."
    assert says in client.get(at("plan"), {"year": asked}).content.decode()
    for name in ("edit_plan", "plan_history"):
        assert says in client.get(at(name), {"year": asked}, follow=True).content.decode()
    assert client.post(f"{at('edit_plan')}?year=62", {"workshop": "1"}).status_code == 302
    assert not PlanNumber.objects.exists()


def test_the_last_of_two_years_in_the_address_counts(cast, sign_in, at):
    assert sign_in(cast.viewer).get(f"{at('plan')}?year=9&year=1").context["shown"].year.number == 1


@pytest.mark.parametrize("role", ROLES)
def test_without_an_effective_date_it_says_what_to_do_first(cast, sign_in, at, role):
    save_plan(cast.agreement, YEAR, {"workshop": 12}, by=cast.lead)
    cast.agreement.dates.all().delete()
    client = sign_in(getattr(cast, role))
    response = client.get(at("plan"))
    assert "First, the day that the agreement takes effect" in response.content.decode()
    assert client.get(at("plan_export_csv")).status_code == 200
    if role == "lead":
        assert client.get(at("edit_plan"), follow=True).redirect_chain[-1][0] == at("plan")
        assert send(client, at, workshop="1").status_code == 302
        assert client.get(at("plan_history"), follow=True).status_code == 200
    assert stored() == {"workshop": 12}


def test_a_year_that_begins_on_a_29_february_keeps_its_plan(cast, visit, sign_in, at):
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2024, 2, 29))
    client = sign_in(cast.lead)
    for year, number in ((1, "366"), (2, "365"), (3, "10")):
        send(client, at, year, workshop=number)
    hold(cast, 1, day=dt.date(2025, 2, 28))
    hold(cast, 2, day=dt.date(2025, 3, 1))
    shown = [client.get(at("plan"), {"year": year}).context["shown"] for year in (1, 2, 3)]
    assert [one.year.starts_on for one in shown] == [dt.date(2024, 2, 29), dt.date(2025, 3, 1), dt.date(2026, 3, 1)]
    assert [(one.plan.total, one.held_in_all, one.moved) for one in shown] == [(366, 1, ""), (365, 2, ""), (10, 0, "")]
    assert client.get(at("plan")).context["shown"].year.number == 3


def test_a_changed_effective_date_neither_loses_nor_silently_moves_a_plan(cast, visit, sign_in, at):
    client = sign_in(cast.lead)
    send(client, at, 3, workshop="12")
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2026, 4, 1))
    text = visit(cast.viewer, year=3).text
    assert "12 in the plan" in text
    assert "It was set when agreement year 3 began on 1 April 2027." in text
    assert "the year now begins on 1 April 2028." in text
    assert "It was set when" not in visit(cast.viewer).text
    send(sign_in(cast.lead), at, 3, workshop="12")
    assert "It was set when" not in visit(cast.viewer, year=3).text


def test_a_form_that_was_open_while_the_effective_date_changed_says_so(cast, sign_in, at):
    client = sign_in(cast.lead)
    seen = form_of(client, at)["seen"].value()
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2025, 5, 1))
    response = send(client, at, workshop="12", seen=seen)
    assert "agreement year 2 now begins on 1 May 2026" in response.content.decode()
    assert stored() == {}
    again = response.context["form"]["seen"].value()
    assert send(client, at, workshop="12", seen=again).status_code == 302


def test_whoever_comes_second_is_told_and_may_save_again(cast, sign_in, at):
    save_plan(cast.agreement, YEAR, {"workshop": 4, "webinar": 2}, by=None)
    client = sign_in(cast.lead)
    seen = form_of(client, at)["seen"].value()
    save_plan(cast.agreement, YEAR, {"workshop": 6}, by=cast.techuk_lead)
    told = send(client, at, workshop="8", webinar="2", seen=seen)
    conflict = told.context["form"].conflict
    assert [each[1:] for each in conflict.differences] == [("Workshop", "6", "8")]
    assert [each[1:] for each in conflict.kept] == [("Webinar", "", "2")]
    assert (stored(), told.context["form"]["workshop"].value()) == ({"workshop": 6}, "8")
    send(client, at, workshop="8", webinar="2", seen=told.context["form"]["seen"].value())
    assert stored() == {"workshop": 8}


def test_two_who_save_the_same_or_other_kinds_are_not_told(cast, sign_in, at):
    client = sign_in(cast.lead)
    seen = form_of(client, at)["seen"].value()
    for _ in range(2):
        assert send(client, at, workshop="8", seen=seen).status_code == 302


def test_who_would_take_back_numbers_that_somebody_else_has_just_set_is_told(cast, sign_in, at):
    save_plan(cast.agreement, YEAR, {"workshop": 4}, by=None)
    client = sign_in(cast.lead)
    seen = form_of(client, at)["seen"].value()
    save_plan(cast.agreement, YEAR, {"workshop": 6}, by=cast.techuk_lead)
    told = client.post(f"{at('edit_plan')}?year=2", {"seen": seen}).context["form"].conflict
    assert [each[1:] for each in told.differences] == [("Workshop", "6", "")]
    assert stored() == {"workshop": 6}


@pytest.mark.parametrize("seen", ["x=y nonsense =", "workshop=abc workshop", "workshop=" + "9" * 5000, "from="])
def test_a_damaged_mark_is_no_stack_trace(cast, sign_in, at, seen):
    assert send(sign_in(cast.lead), at, workshop="8", seen=seen).status_code in (200, 302)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_save_at_once_one_is_told(cast):
    together, told = threading.Barrier(2), []

    def save(user, number):
        together.wait()
        try:
            save_plan(cast.agreement, YEAR, {"workshop": number}, seen={"workshop": mark(None)}, by=user)
        except ConflictError as conflict:
            told.append([(each.label, each.theirs) for each in conflict.differences])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=pair) for pair in ((cast.lead, 4), (cast.techuk_lead, 6))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [[("Workshop", str(stored()["workshop"]))]]
    assert stored() in ({"workshop": 4}, {"workshop": 6})


@pytest.mark.django_db(transaction=True)
def test_its_history_tells_who_set_what(cast, sign_in, at):
    for numbers in ({"workshop": 4, "webinar": 2}, {"workshop": 6, "policy": 0}, {"workshop": 6, "policy": 0}):
        save_plan(cast.agreement, YEAR, numbers, by=cast.lead)
    save_plan(cast.agreement, year_numbered(YEAR.starts_on, 1), {"bilateral": 3}, by=cast.lead)
    entries = sign_in(cast.officer).get(f"{at('plan_history')}?year=2").context["entries"]
    assert [(entry.who, entry.verb) for entry in entries] == [("Lead", "changed")] * 2
    assert set(entries[0].changes) == {("Workshop", "4", "6"), ("Webinar", "2", ""), ("Policy discussion", "", "0")}
    assert set(entries[1].changes) == {("Workshop", "", "4"), ("Webinar", "", "2")}


def test_the_file_has_all_years_by_kind(cast, sign_in, at, rhythm):
    rhythm(4, "workshop")
    rhythm(2)
    save_plan(cast.agreement, YEAR, {"webinar": 6}, by=cast.lead)
    hold(cast, 3)
    response = sign_in(cast.viewer).get(at("plan_export_csv"))
    rows = list(csv.reader(response.content.decode().lstrip("\ufeff").splitlines()))
    assert rows[0] == ["Agreement year", "From", "To", "Kind", "In the plan", "Set by", "Held"]
    assert rows[1] == ["1", "2025-04-01", "2026-03-31", "Workshop", "4", "rhythms", "0"]
    assert rows[2] == ["1", "2025-04-01", "2026-03-31", "Of several kinds", "2", "rhythms", ""]
    assert rows[3][3:] == ["Workshop", "", "leads", "3"]
    assert rows[4][3:] == ["Webinar", "6", "leads", "0"]
    assert 'filename="lga-techuk-plan-2026-11-24.csv"' in response["Content-Disposition"]


def test_an_ended_agreement_has_no_next_year_and_is_compared_as_of_its_end(cast, visit):
    cast.agreement.status = "ended"
    cast.agreement.save()
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=dt.date(2026, 3, 31))
    save_plan(cast.agreement, year_numbered(dt.date(2025, 4, 1), 1), {"workshop": 12}, by=None)
    hold(cast, 10, day=dt.date(2026, 3, 1))
    text = visit(cast.viewer).text
    assert "10 held of 12 in the plan 2 fewer than the plan" in text
    assert "Agreement year 2" not in text


def test_before_it_takes_effect_the_first_year_can_be_planned_and_nothing_is_compared(cast, visit, sign_in, at):
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2027, 4, 1))
    send(sign_in(cast.lead), at, 1, workshop="12")
    text = visit(cast.viewer).text
    assert "Agreement year 1 begins on 1 April 2027, 12 in the plan" in text
    assert "than the plan" not in text


@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.parametrize("name", ["plan", "edit_plan"])
def test_it_asks_the_database_a_fixed_number_of_times(
    cast, sign_in, at, rhythm, django_assert_max_num_queries, name, times
):
    for number in range(times):
        rhythm(number + 1, "workshop")
        hold(cast, 1, list(Engagement.Kind)[number].value)
        save_plan(cast.agreement, year_numbered(dt.date(2025, 4, 1), number + 1), {"workshop": 12}, by=None)
    client = sign_in(cast.lead)
    with django_assert_max_num_queries(BUDGET):
        client.get(at(name))


def test_the_list_of_commitments_leads_to_it(cast, sign_in, at, commitment):
    assert (
        reverse("commitments:plan", args=[cast.agreement.slug]) in sign_in(cast.viewer).get(at("list")).content.decode()
    )

"""The page on which leads see what went, what is to go, and what does not and why; and the panel on a record."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone

from engagements.models import Engagement, Participation
from engagements.operations.engagement import delete_engagement
from outbox.models import BadAddress, Message
from outbox.operations.bounces import note_bounce
from pages.access import access_of
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.markup import one_line
from tests.reminders.conftest import NOW, make_meeting, make_rule, saved

pytestmark = pytest.mark.usefixtures("clock")

ADDRESS = "/agreements/lga-techuk/reminders/"
LATER = NOW + dt.timedelta(days=5)


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>?", " ", html).split())


@pytest.fixture
def rule(cast):
    return make_rule(cast.agreement, 6, 2)


@pytest.fixture
def look(cast, sign_in):
    """``look(query)`` gives the page as the LGA's lead sees it, as text and as rows of texts."""

    def see(query=""):
        response = sign_in(cast.lead).get(ADDRESS + query)
        assert response.status_code == 200
        content = response.content.decode()
        rows = []
        for batch in re.findall("<section>(.*?)</section>", content, re.DOTALL):
            head, _, people = re.sub('<form class="by-hand".*?</form>', "", batch, flags=re.DOTALL).partition("<ul")
            rows += [text_of(f"{head} {person}") for person in people.split("<li>")[1:]]
        return SimpleNamespace(content=content, rows=rows)

    return see


def test_only_leads_of_the_agreement_see_it(cast, rule, client, sign_in):
    statuses = {}
    for who in ("outsider", "viewer", "officer", "administrator", "lead", "techuk_lead"):
        statuses[who] = sign_in(getattr(cast, who)).get(ADDRESS).status_code
    assert statuses == {
        "outsider": 404,
        "viewer": 403,
        "officer": 403,
        "administrator": 403,
        "lead": 200,
        "techuk_lead": 200,
    }


def test_what_is_to_go_comes_first_the_soonest_on_top(cast, rule, look):
    make_meeting(cast.agreement, "Ana", title="AI roundtable")
    shown = look()
    assert shown.rows == [
        "AI roundtable To go 2 December 2026, 09:00 · 6 days before, at 09:00 · Roundtables · 1 person Ana",
        "AI roundtable To go 6 December 2026, 09:00 · 2 days before, at 09:00 · Roundtables · 1 person Ana",
    ]
    assert "The next goes on Wednesday 2 December 2026 at 09:00." in shown.content


def test_what_was_sent_and_what_was_not_stand_under_their_states_with_the_reason(cast, rule, look):
    make_meeting(cast.agreement, "Ana", "Bo", title="AI roundtable")
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    sweep(LATER)
    [sent] = look("?state=sent").rows
    assert sent.endswith(
        "2 days before, at 09:00 · Roundtables · 1 person Ana Sent 6 December 2026, 12:00 to ana@people.example"
    )
    assert [row.partition(" person ")[2] or row.partition(" people ")[2] for row in look("?state=not_sent").rows] == [
        "Bo Skipped declined",
        "Bo Skipped declined",
        "Ana Skipped overtaken by a later reminder",
    ]
    assert look().rows == []
    assert len(look("?state=all").rows) == 4


def test_each_state_is_counted(cast, rule, look):
    make_meeting(cast.agreement, "Ana", "Bo")
    sweep(LATER)
    make_meeting(cast.agreement, "Cy", starts_on=dt.date(2026, 12, 20))
    counts = re.findall(r'filter-tab.*?>(\w[\w ]*) <span class="tabular">(\d+)', one_line(look().content))
    assert counts == [("To go", "2"), ("Sent", "2"), ("Not sent", "2"), ("Failed", "0"), ("All", "6")]


def test_what_the_server_put_off_says_when_it_is_tried_again(cast, rule, look):
    make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    retry = LATER + dt.timedelta(minutes=5)
    Message.objects.update(state="waiting", attempts=2, retry_at=retry, error="451 try later")
    Delivery.objects.filter(state="sent").update(state="claimed")
    assert look().rows[0].endswith("To be tried again tried 2 times, next at 12:05: 451 try later")


def test_it_is_filtered_by_engagement_and_by_any_part_of_a_name(cast, rule, look):
    one = make_meeting(cast.agreement, "Zoë", "Bo", title="One")
    make_meeting(cast.agreement, "Cy", title="Two")
    assert {row.split()[-1] for row in look(f"?engagement={one.pk}").rows} == {"Zoë", "Bo"}
    assert len(look(f"?engagement={one.pk}&q=zoe").rows) == 2
    assert re.search('<a class="filter-chip".*?One', one_line(look(f"?engagement={one.pk}").content))
    assert "Nothing found" in look("?q=nobody").content


def test_what_was_sent_of_a_deleted_engagement_stays_without_a_link(cast, rule, look):
    meeting = make_meeting(cast.agreement, "Ana", title="By mistake")
    sweep(LATER)
    address = meeting.get_absolute_url()
    assert address in look("?state=sent").content
    delete_engagement(meeting, by=cast.officer)
    shown = look("?state=sent")
    assert "By mistake" in shown.rows[0]
    assert address not in shown.content


def test_the_other_agreement_and_its_people_are_not_in_it(cast, rule, look):
    make_rule(cast.elsewhere, 2)
    foreign = make_meeting(cast.elsewhere, "Stranger", title="Foreign")
    content = look("?state=all").content + look(f"?engagement={foreign.pk}").content + look("?q=stranger").content
    assert "Foreign" not in content
    assert "Stranger" not in content


@pytest.mark.parametrize(
    "query",
    ["?state=odd", "?engagement=x", "?engagement=9" + "9" * 30, "?page=x", "?page=99", "?q=%00", "?q=" + "x" * 500],
)
def test_a_malformed_address_shows_the_page_all_the_same(cast, rule, look, query):
    make_meeting(cast.agreement, "Ana")
    assert len(look(query).rows) == 2


def test_those_of_one_engagement_and_step_stand_together_and_say_once_what_is_true_of_all(cast, rule, look):
    make_meeting(cast.agreement, "Ana", "Bo", title="AI roundtable")
    assert [look().content.count(words) for words in ("AI roundtable</bdi>", "To go</span>", "2 people")] == [2, 2, 2]
    Delivery.objects.filter(person__name="Bo").update(state="skipped", reason="declined")
    mixed = look("?state=all")
    assert [row.split(" people ")[1] for row in mixed.rows] == ["Bo Skipped declined", "Ana To go"] * 2


def test_fifty_stand_on_a_page(cast, rule, look):
    make_meeting(cast.agreement, *(f"P{n:02}" for n in range(30)))
    assert [len(look(query).rows) for query in ("", "?page=2")] == [50, 10]
    assert "51 to 60 of 60" in look("?page=2").content


@pytest.mark.parametrize("people", [1, 3])
def test_it_costs_at_most_eight_queries(cast, rule, sign_in, django_assert_max_num_queries, people):
    meeting = make_meeting(cast.agreement, *(f"P{n}" for n in range(people)))
    client = sign_in(cast.lead)
    with django_assert_max_num_queries(8):
        client.get(f"{ADDRESS}?engagement={meeting.pk}&state=all&q=p")


def test_a_person_sees_their_own_deliveries_and_a_viewer_no_others(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    mine = cast.agreement.people.get(user=cast.viewer)
    Participation.objects.create(agreement=cast.agreement, engagement=meeting, person=mine)
    saved(meeting)
    seen = {who: Delivery.objects.visible_to(getattr(cast, who)).count() for who in ("viewer", "officer", "outsider")}
    assert seen == {"viewer": 2, "officer": 4, "outsider": 0}


def test_an_administrator_does_not_see_who_takes_part_under_the_chatham_house_rule(cast, rule):
    make_meeting(cast.agreement, "Ana", chatham_house=True)
    make_meeting(cast.agreement, "Bo")
    sweep(LATER)
    names = Delivery.objects.visible_to(cast.administrator).values_list("person__name", flat=True)
    assert set(names) == {"Bo"}
    assert {message.person.name for message in Message.objects.visible_to(cast.administrator)} == {"Bo"}
    assert {message.person.name for message in Message.objects.visible_to(cast.officer)} == {"Ana", "Bo"}


@pytest.fixture
def panel(cast, rf):
    """``panel(engagement, who)`` gives the panel on the record, as one of the cast sees it."""

    def look(engagement, who="lead"):
        request = rf.get("/")
        request.user = getattr(cast, who)
        request.access = access_of(request.user, "lga-techuk")
        found = Template("{% load reminders %}{% reminders_panel engagement %}").render(
            Context({"request": request, "engagement": Engagement.objects.get(pk=engagement.pk)})
        )
        return found.strip()

    return look


def sentence(panel):
    return re.search('<p class="muted">(.*?)</p>', panel)[1]


def test_the_panel_tells_the_reminders_of_a_record_in_a_sentence(cast, rule, panel):
    meeting = make_meeting(cast.agreement, "Ana", "Bo", "Cy")
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    saved(meeting)
    assert sentence(panel(meeting)) == "2 skipped (declined), 2 to go 6 days before, 2 to go 2 days before."
    sweep(NOW + dt.timedelta(days=2))
    assert sentence(panel(meeting)) == "2 sent 6 days before, 2 skipped (declined), 2 to go 2 days before."
    sweep(LATER)
    assert sentence(panel(meeting)) == "2 sent 6 days before, 2 sent 2 days before, 2 skipped (declined). None waiting."


def test_the_panel_says_what_was_sent_before_a_move(cast, rule, panel):
    meeting = make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    Engagement.objects.update(starts_on=dt.date(2026, 12, 20), schedule_version=2)
    saved(meeting)
    assert sentence(panel(meeting)) == "1 sent for an earlier date, 1 to go 6 days before, 1 to go 2 days before."


def test_the_panel_says_so_when_there_is_nothing(cast, rule, panel):
    to_come, held = make_meeting(cast.agreement, kind="webinar"), make_meeting(cast.agreement, status="held")
    assert sentence(panel(to_come)) == "None is planned: no rule is for it, or nobody takes part yet."
    assert sentence(panel(held)) == "None was sent."


def test_the_panel_is_for_editors_and_leads_and_only_leads_are_led_on(cast, rule, panel, django_assert_num_queries):
    meeting = make_meeting(cast.agreement, "Ana")
    assert "See each" in panel(meeting, "lead")
    assert "See each" not in panel(meeting, "officer")
    assert "2 days before" in panel(meeting, "officer")
    assert (panel(meeting, "viewer"), panel(meeting, "administrator")) == ("", "")


def test_the_panel_costs_one_query(cast, rule, rf, django_assert_num_queries):
    meeting = make_meeting(cast.agreement, "Ana")
    request = rf.get("/")
    request.user, request.access = cast.lead, access_of(cast.lead, "lga-techuk")
    template = Template("{% load reminders %}{% reminders_panel engagement %}")
    meeting.refresh_from_db()
    with django_assert_num_queries(1):
        template.render(Context({"request": request, "engagement": meeting}))


def test_what_came_back_stands_there_with_its_reason_and_the_address_until_a_lead_says_it_is_right(
    cast, rule, look, clock, sign_in
):
    make_meeting(cast.agreement, "Ana", "Bo")
    clock.move_to(LATER)
    sweep(LATER)
    note_bounce(Message.objects.get(person__name="Ana"), "550 no such user", at=LATER, by=None)
    page = look("?state=failed")
    came_back = f"{timezone.localtime(LATER):%-d %B %Y, %H:%M}"
    assert [row.partition("1 person ")[2] for row in page.rows] == [
        f"Ana Bounced came back on {came_back}: 550 no such user"
    ]
    assert "ana@people.example, 6 December 2026: 550 no such user" in text_of(page.content)
    right = f"{ADDRESS}addresses/{BadAddress.objects.get().pk}/right/"
    assert sign_in(cast.officer).post(right).status_code == 403
    response = sign_in(cast.lead).post(right, {"next": f"{ADDRESS}?state=failed"}, follow=True)
    assert "ana@people.example is not shown any more" in text_of(response.content.decode())
    assert not BadAddress.objects.exists()
    assert sign_in(cast.lead).post(right).status_code == 404

"""The ledger obeys what people have chosen: when it plans, and again at the moment of sending."""

import datetime as dt
from smtplib import SMTPDataError

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import Engagement
from outbox import delivery_health
from outbox.models import Message
from reminders.deliveries import batching, ledger, statements
from reminders.models import Delivery, Preference
from reminders.operations.preferences import preference_of, save_preference
from reminders.operations.sweeping import sweep
from reminders.preferences.rules import Choice, How, goes_at
from reminders.preferences.topics import TOPICS
from tests.factories import ParticipationFactory
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule, outbox, saved

pytestmark = pytest.mark.usefixtures("clock")

DUE = dt.datetime(2026, 12, 6, 9, tzinfo=dt.UTC)
"""A Sunday morning: two days before the meeting."""
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)


@pytest.fixture
def rule(cast):
    return make_rule(cast.agreement, 2)


def refuse_for_now(*args):
    """What a mail server does that has no time."""
    raise SMTPDataError(451, b"later")


def ana_of(meeting):
    """Ana, as the address book has her."""
    return meeting.agreement.people.get(name="Ana")


def choose(meeting, name="Ana", **chosen):
    """Have somebody who takes part choose."""
    person = meeting.agreement.people.get(name=name)
    preference = preference_of(person)
    for field, value in chosen.items():
        setattr(preference, field, value)
    return save_preference(preference, by=None)


def test_nothing_that_somebody_opted_out_of_is_sent_and_the_list_says_why(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", "Bo")
    choose(meeting, meetings=How.OFF)
    sweep()
    out = ("Ana", 2, "skipped", "opted out of reminders of meetings")
    assert ledger_of(meeting) == [out, ("Bo", 2, "planned", "")]
    sweep(DUE)
    assert [letter["To"] for letter in outbox()] == ["Bo <bo@people.example>"]
    assert ledger_of(meeting)[0] == out


def test_who_opted_out_before_is_planned_as_skipped_and_counts_again_once_they_want_it(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    choose(meeting, meetings=How.OFF)
    saved(meeting)
    assert ledger_of(meeting) == [("Ana", 2, "skipped", "opted out of reminders of meetings")]
    choose(meeting, meetings=How.ON)
    sweep()
    assert ledger_of(meeting) == [("Ana", 2, "planned", "")]


def test_a_choice_of_the_last_moment_counts(cast, rule):
    """Made after the last planning, and before the mail goes."""
    meeting = make_meeting(cast.agreement, "Ana")
    Preference.objects.create(agreement=cast.agreement, person=ana_of(meeting), meetings=How.OFF)
    assert ledger.take(DUE, 100)[0] == []
    assert ledger_of(meeting) == [("Ana", 2, "skipped", "opted out of reminders of meetings")]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_each_topic_is_obeyed_for_each_of_its_kinds_whoever_plans_it(cast, topic):
    meeting = make_meeting(cast.agreement, "Ana")
    choose(meeting, **{topic.name: How.OFF})
    ana = ana_of(meeting)
    kept = {"agreement": cast.agreement, "engagement": meeting, "person": ana, "due_at": NOW, "expires_at": DUE}
    rows = [Delivery.objects.create(kind=kind, title="T", **kept) for kind in topic.kinds]
    refused = batching.batches_of(NOW, [row.pk for row in rows]).refused
    assert refused == dict.fromkeys([row.pk for row in rows], topic.opted_out)


def test_what_a_pause_makes_too_late_is_skipped_and_the_rest_waits_for_its_end(cast, rule):
    soon = make_meeting(cast.agreement, "Ana", title="Soon")
    late = make_meeting(cast.agreement, title="Late", starts_on=dt.date(2026, 12, 9), save=False)
    ParticipationFactory(engagement=late, person=ana_of(soon))
    saved(late)
    choose(soon, paused_until=dt.date(2026, 12, 8))
    sweep()
    assert ledger_of(soon) == [("Ana", 2, "planned", "")]
    choose(soon, paused_until=dt.date(2026, 12, 9))
    sweep()
    assert ledger_of(soon) == [("Ana", 2, "skipped", "paused until 9 December 2026")]
    sweep(dt.datetime(2026, 12, 9, 7, 59, tzinfo=dt.UTC))
    assert outbox() == []
    sweep(dt.datetime(2026, 12, 9, 8, tzinfo=dt.UTC))
    assert [letter["Subject"] for letter in outbox()] == ["Reminder: Late, Wednesday 9 December 2026, 14:00"]


def test_what_falls_into_quiet_hours_goes_at_their_end(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    choose(meeting, quiet_from=dt.time(18), quiet_to=dt.time(10))
    assert sweep(DUE) == {"deferred": 1}
    assert sweep(DUE + 59 * MINUTE) == {}
    assert sweep(DUE + 60 * MINUTE) == {"sent": 1}


def test_a_digest_is_one_mail_of_all_that_came_up(cast, rule):
    first = make_meeting(cast.agreement, "Ana", title="First")
    for day in (9, 10):
        other = make_meeting(cast.agreement, title=f"On the {day}th", starts_on=dt.date(2026, 12, day), save=False)
        ParticipationFactory(engagement=other, person=ana_of(first))
        saved(other)
    choose(first, meetings=How.WEEKLY)
    assert sweep(DUE) == {"deferred": 1}
    assert sweep(MONDAY - MINUTE) == {}
    assert sweep(MONDAY)["sent"] == 1
    assert [letter["Subject"] for letter in outbox()] == ["Reminder: First, Tuesday 8 December 2026, 14:00"]
    # Those of Wednesday and Thursday are due after this Monday's mail and too late for the next one.
    sweep(MONDAY + dt.timedelta(hours=1))
    assert len(outbox()) == 2


def several(cast, number, **chosen):
    """So many meetings of one person who gets them in a digest, all due at DUE; gives the meetings."""
    first = make_meeting(cast.agreement, "Ana", title="Meeting 1")
    meetings = [first]
    for place in range(2, number + 1):
        other = make_meeting(cast.agreement, title=f"Meeting {place}", save=False)
        ParticipationFactory(engagement=other, person=ana_of(first))
        meetings.append(saved(other))
    choose(first, **{"meetings": How.DAILY} | chosen)
    return meetings


def test_the_digest_tells_each_thing_once(cast, rule):
    several(cast, 3)
    assert sweep(DUE) == {"deferred": 3}
    assert sweep(MONDAY) == {"sent": 1}
    [letter] = outbox()
    assert letter["Subject"] == "3 things from LGA and techUK"
    plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for title in ("Meeting 1", "Meeting 2", "Meeting 3"):
        assert plain.count(title) == html.count(f">{title}<") == 1
    assert "Reminders of meetings" in plain
    assert list(letter.iter_attachments()) == []
    [message] = Message.objects.all()
    assert (message.state, message.deliveries.filter(state="sent").count()) == ("sent", 3)


def test_a_digest_larger_than_a_batch_is_still_one_mail(cast, rule):
    several(cast, 5)
    sweep(DUE)
    claimed, _ = ledger.take(MONDAY, 2)
    assert [len(first.others) for first in claimed] == [4]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"claimed"}


def test_what_was_cancelled_meanwhile_is_not_in_it(cast, rule):
    meetings = several(cast, 3)
    sweep(DUE)
    Engagement.objects.filter(pk=meetings[0].pk).update(status="cancelled")
    sweep(MONDAY)
    assert [letter["Subject"] for letter in outbox()] == ["2 things from LGA and techUK"]
    assert ledger_of(meetings[0])[0][2:] == ("skipped", "cancelled")


def test_a_digest_that_could_not_be_sent_is_tried_again_as_the_same_message(cast, rule, monkeypatch):
    meetings = several(cast, 3)
    sweep(DUE)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse_for_now)
        sweep(MONDAY)
    Engagement.objects.filter(pk=meetings[0].pk).update(status="cancelled")
    sweep(MONDAY + 2 * MINUTE)
    [letter] = outbox()
    [message] = Message.objects.all()
    assert letter["Subject"] == "2 things from LGA and techUK"
    assert (message.state, message.attempts) == ("sent", 2)
    # What had left it is not said to have gone.
    assert ledger_of(meetings[0])[0][2:] == ("skipped", "cancelled")
    assert message.deliveries.count() == 2


def test_another_attempt_waits_for_the_end_of_quiet_hours_and_stays_the_same_message(cast, rule, monkeypatch):
    several(cast, 2, quiet_from=dt.time(8, 1), quiet_to=dt.time(10))
    sweep(DUE)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse_for_now)
        sweep(MONDAY)
    assert sweep(MONDAY + 2 * MINUTE) == {"deferred": 2}
    assert sweep(MONDAY + 119 * MINUTE) == {}
    assert sweep(MONDAY + 120 * MINUTE) == {"sent": 1}
    [message] = Message.objects.all()
    assert (message.attempts, message.deliveries.filter(state="sent").count()) == (2, 2)


def test_two_workers_do_not_write_the_same_digest(cast, rule):
    several(cast, 3)
    sweep(DUE)
    fresh = connection.copy()
    with fresh.cursor() as cursor:
        person = Delivery.objects.first().person_id
        cursor.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('digest', %s))", [person])
        assert ledger.take(MONDAY, 100) == ([], {})
        cursor.execute("ROLLBACK")
    fresh.close()
    assert len(ledger.take(MONDAY, 100)[0]) == 1


def test_another_choice_is_asked_at_once(cast, rule):
    [meeting] = several(cast, 1, meetings=How.WEEKLY)
    assert sweep(DUE) == {"deferred": 1}
    choose(meeting, meetings=How.ON)
    assert sweep(DUE + MINUTE) == {"sent": 1}


def test_another_time_is_weighed_anew(cast, rule):
    """A meeting that is now sooner than the digest is not missed."""
    [meeting] = several(cast, 1, meetings=How.DAILY)
    sweep(DUE)
    step = rule.steps.get()
    step.days = -3
    step.save()
    saved(meeting)
    assert Delivery.objects.get().deferred_until is None


choices = st.builds(
    Choice,
    st.sampled_from([How.ON, How.DAILY, How.WEEKLY]),
    st.sampled_from([None, dt.time(20)]),
    st.just(None),
    st.none() | st.dates(dt.date(2026, 10, 20), dt.date(2026, 11, 5)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(choice=choices, ends=st.times(), hours=st.integers(0, 400), minutes=st.integers(0, 60 * 24 * 12))
def test_whatever_somebody_chose_it_goes_at_its_moment_or_was_refused(meeting_of_ana, choice, ends, hours, minutes):
    """Around the day on which the clocks go back, looked at when it is due, just before its moment, and at it."""
    due = dt.datetime(2026, 10, 22, tzinfo=dt.UTC) + minutes * MINUTE
    expires = due + dt.timedelta(hours=hours)
    quiet_to = ends.replace(second=0, microsecond=0) if choice.quiet_from and ends.hour != 20 else None
    quiet_from = choice.quiet_from if quiet_to else None
    choice = Choice(choice.how, quiet_from, quiet_to, choice.paused_until)
    Delivery.objects.all().delete()
    Preference.objects.all().delete()
    chosen = {"meetings": choice.how, "quiet_from": quiet_from, "quiet_to": quiet_to}
    ana = ana_of(meeting_of_ana)
    Preference.objects.create(agreement=ana.agreement, person=ana, paused_until=choice.paused_until, **chosen)
    row = Delivery.objects.create(
        agreement=ana.agreement, engagement=meeting_of_ana, person=ana, due_at=due, expires_at=expires, title="T",
        step=ana.agreement.reminder_rules.get().steps.get(), rule=ana.agreement.reminder_rules.get(),
    )  # fmt: skip
    moment = goes_at(choice, due, expires, due)
    pause = choice.paused_until and dt.datetime.combine(choice.paused_until, dt.time(8), row.due_at.tzinfo)
    claimed, _ = ledger.take(due, 10)
    row.refresh_from_db()
    if row.state == "skipped":
        assert pause + dt.timedelta(hours=1) > expires - dt.timedelta(hours=2)
        assert row.reason.startswith("paused until")
        return
    if moment > due:
        assert (claimed, row.state, row.deferred_until) == ([], "planned", moment)
        assert ledger.take(moment - MINUTE, 10) == ([], {})
        claimed, _ = ledger.take(moment, 10)
    assert [one.delivery_id for one in claimed] == [row.pk]


@pytest.fixture
def meeting_of_ana(cast, rule):
    """A meeting far ahead, whose deliveries the test makes itself."""
    return make_meeting(cast.agreement, "Ana", starts_on=dt.date(2027, 6, 1))


def test_a_batch_is_asked_about_in_one_statement_however_many_people_chose(cast, rule):
    meeting = make_meeting(cast.agreement, *(f"P{n}" for n in range(6)))
    for number in range(3):
        choose(meeting, f"P{number}", meetings=How.DAILY)
    few = count_of(lambda: ledger.take(DUE, 3))
    Delivery.objects.update(state="planned", deferred_until=None, message=None)
    for number in range(3, 6):
        choose(meeting, f"P{number}", meetings=How.DAILY)
    assert count_of(lambda: ledger.take(DUE, 6)) <= few


@pytest.fixture
def years_of_mail(cast, rule):
    """20,000 deliveries of long ago, 500 that wait for a digest, and 500 people who chose one."""
    meeting = make_meeting(cast.agreement, "Ana")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_person (agreement_id, name, title, honours, email, job_title)
            SELECT %(agreement)s, 'P' || n, '', '', 'p' || n || '@many.example', '' FROM generate_series(1, 500) n;
            INSERT INTO reminders_preference (agreement_id, person_id, meetings, invitations, replies, papers, actions,
                                              records, lacking, progress)
            SELECT agreement_id, id, 'daily', 'on', 'on', 'on', 'on', 'on', 'on', 'on' FROM contacts_person
            WHERE name LIKE 'P%%';
            INSERT INTO reminders_delivery (agreement_id, kind, person_id, engagement_id, is_gone, title, occurrence,
                due_at, deferred_until, expires_at, state, reason, state_at)
            SELECT p.agreement_id, 'reminder', p.id, %(meeting)s, FALSE, 'T', n, %(now)s - n * interval '1 minute',
                CASE WHEN n = 1 THEN %(now)s + interval '1 day' END, %(now)s + interval '7 days',
                CASE WHEN n = 1 THEN 'planned' ELSE 'sent' END, '', %(now)s
            FROM contacts_person p, generate_series(1, 40) n WHERE p.name LIKE 'P%%';
            INSERT INTO engagements_action (agreement_id, title, progress, from_chatham_house, owner_person_id,
                                            created_at, form_key)
            SELECT p.agreement_id, 'A', '', FALSE, p.id, %(now)s, gen_random_uuid()
            FROM contacts_person p, generate_series(1, 10)
            WHERE p.name LIKE 'P%%';
            SET CONSTRAINTS ALL IMMEDIATE""",
            {"agreement": cast.agreement.pk, "meeting": meeting.pk, "now": NOW},
        )
        cursor.execute("ANALYZE engagements_action, reminders_delivery, reminders_preference, contacts_person")
    return [*Delivery.objects.filter(state="planned").values_list("pk", flat=True)[:100]]


def plan_of(sql, **params):
    """How PostgreSQL would run it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", {"zone": "Europe/London", **params})
        return "\n".join(row[0] for row in cursor.fetchall())


def test_what_is_due_and_what_people_chose_is_found_by_indexes(years_of_mail):
    due = plan_of(statements.DUE, now=NOW, limit=100)
    chosen = plan_of(batching._CHOSEN, now=NOW, ids=years_of_mail)
    peers = plan_of(batching._PEERS, now=NOW, ids=years_of_mail, people=[1, 2, 3])
    companions = plan_of(batching._COMPANIONS, now=NOW, soon=NOW, ids=years_of_mail)
    assert "delivery_to_go" in due
    assert "delivery_held" in peers
    for plan in (due, chosen, peers, companions):
        assert "Seq Scan" not in plan, plan


def test_what_waits_for_a_digest_is_not_looked_at_before_its_time(years_of_mail):
    """The sweep that finds nothing reads no row of those who wait."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statements.IN_TURN, {"now": NOW, "limit": 100})
        [[[found]]] = cursor.fetchall()
    assert (found["Plan"]["Actual Rows"], found["Plan"]["Plans"][0]["Index Name"]) == (0, "delivery_to_go")
    assert count_of(lambda: ledger.take(NOW, 100)) <= 3


def count_of(act):
    """How many statements it runs."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_what_waits_because_somebody_wants_it_so_is_not_taken_for_silence(cast, rule):
    several(cast, 2, meetings=How.WEEKLY)
    sweep(DUE)
    assert delivery_health.check(DUE + dt.timedelta(hours=20)).lag == 0
    assert delivery_health.check(MONDAY + 10 * MINUTE).lag == 600

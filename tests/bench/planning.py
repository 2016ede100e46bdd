"""Planning a million deliveries, and a sweep that finds nothing due beside five million old ones.

Planning is given in deliveries a second, by two workers that share the queue, as Celery runs them: it is a number that
the product was asked to keep. The idle sweep is given in pages that PostgreSQL looks at, which no other load changes.
"""

import datetime as dt
import multiprocessing
import time

ENGAGEMENTS, PEOPLE, LEADS = 33_400, 10, (14, 7, 2)
OLD_ENGAGEMENTS, OLD_DELIVERIES = 1_000_000, 5_000_000
SPAWN = multiprocessing.get_context("spawn")

MAKE = """
SET session_replication_role = replica;
INSERT INTO contacts_person (agreement_id, name, title, honours, email, job_title)
SELECT %(agreement)s, 'Person ' || n, '', '', 'person' || n || '@bench.example', '' FROM generate_series(1, 1000) n
WHERE NOT EXISTS (SELECT FROM contacts_person);
INSERT INTO engagements_engagement (agreement_id, title, kind, status, starts_on, start_time, time_zone, mode, venue,
    joining_link, summary, outcomes, chatham_house, is_public_event, source_url, cancel_reason, uid, sequence,
    schedule_version, revision, created_at, updated_at)
SELECT %(agreement)s, 'Roundtable ' || n, 'roundtable', %(status)s, current_date + %(days)s, '10:00', 'Europe/London',
    'online', '', '', '', '', false, false, '', '', gen_random_uuid(), 0, 1, 1, now(), now()
FROM generate_series(1, %(engagements)s) n;
SET session_replication_role = DEFAULT;
"""

TAKE_PART = """
SET session_replication_role = replica;
INSERT INTO engagements_participation (agreement_id, engagement_id, person_id, role, reply, attendance, note,
    sent_apologies, deputy, earlier_reply)
SELECT %(agreement)s, e.id, p.first + (e.id * 7 + k * 97) %% 1000, 'participant', 'accepted', '', '', false, '', ''
FROM engagements_engagement e CROSS JOIN generate_series(0, %(people)s - 1) k,
    (SELECT min(id) AS first FROM contacts_person WHERE agreement_id = %(agreement)s) p
WHERE e.agreement_id = %(agreement)s AND e.status = 'planned'
ON CONFLICT DO NOTHING;
SET session_replication_role = DEFAULT;
"""

OLD = """
SET session_replication_role = replica;
INSERT INTO reminders_delivery (agreement_id, kind, rule_id, step_id, person_id, engagement_id, is_gone, title,
    occurrence, due_at, expires_at, state, reason, state_at)
SELECT e.agreement_id, 'reminder', s.rule_id, s.id, p.first + k, e.id, FALSE, e.title, 1,
    e.starts_at - interval '2 days', e.starts_at,
    (ARRAY['sent', 'sent', 'sent', 'skipped', 'expired'])[1 + k], '', e.starts_at
FROM (SELECT * FROM engagements_engagement WHERE status = 'held' LIMIT %(deliveries)s / 5) e
CROSS JOIN generate_series(0, 4) k,
    (SELECT min(id) AS first FROM contacts_person) p, (SELECT * FROM reminders_step LIMIT 1) s;
INSERT INTO outbox_message (agreement_id, person_id, address, subject, state, attempts, error, created_at, state_at)
SELECT agreement_id, person_id, 'person@bench.example', title, 'sent', 1, '', due_at, due_at
FROM reminders_delivery WHERE state = 'sent';
SET session_replication_role = DEFAULT;
"""


def main():
    """Measure, and print."""
    from django.db import connection

    from reminders.models import Delivery

    agreement = prepare()
    print("planning, two workers")
    for word in ("new", "already there"):
        queue(agreement)
        connection.close()
        taken = drain(2)
        planned = Delivery.objects.count()
        print(f"  {word:24}{planned:>10,}{planned / taken:>10,.0f} a second")
    print(f"a sweep that finds nothing due, {OLD_ENGAGEMENTS:,} engagements and {OLD_DELIVERIES:,} old deliveries")
    grow(agreement)
    pages, scans, seconds = idle_sweep()
    whole = ", ".join(scans) or "none"
    print(f"  {pages:,} pages in all its statements, {seconds * 1000:.0f} ms; tables read as a whole: {whole}")


def prepare():
    """A fresh database with an agreement, its people, its engagements to come and a rule; nothing is planned."""
    from django.core.management import call_command
    from django.db import connection

    from partnership.models import Agreement
    from reminders.models import Rule, Step
    from tests.bench.__main__ import fresh_database

    fresh_database()
    call_command("migrate", verbosity=0)
    agreement = Agreement.objects.create(name="Bench", slug="bench", status=Agreement.Status.IN_FORCE)
    rule = Rule.objects.create(
        agreement=agreement, name="Roundtables", engagement_kinds=["roundtable"], on_working_days=False
    )
    Step.objects.bulk_create(Step(agreement=agreement, rule=rule, days=-days, at=dt.time(9)) for days in LEADS)
    facts = {"agreement": agreement.pk, "people": PEOPLE, "engagements": ENGAGEMENTS, "status": "planned", "days": 30}
    with connection.cursor() as cursor:
        cursor.execute(MAKE, facts)
        cursor.execute(TAKE_PART, facts)
        cursor.execute("VACUUM ANALYZE")
    return agreement


def queue(agreement):
    """Have all that is to come be planned, as after a change of a rule."""
    from django.utils import timezone

    from reminders.deliveries import ledger

    ledger.queue_replan(timezone.now(), "agreement", [agreement.pk])
    ledger.plan_queued(timezone.now(), 1)


def drain(workers):
    """Seconds in which so many processes plan what is queued."""
    ready = SPAWN.Barrier(workers + 1)
    started = [SPAWN.Process(target=work, args=(ready,)) for _ in range(workers)]
    for process in started:
        process.start()
    ready.wait()
    begin = time.perf_counter()
    for process in started:
        process.join()
    return time.perf_counter() - begin


def work(ready):
    """A worker that plans."""
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from reminders.operations.planning import plan_queued

    connection.ensure_connection()
    ready.wait()
    plan_queued(timezone.now())


def grow(agreement):
    """Fill the tables with the past."""
    from django.db import connection

    facts = {"agreement": agreement.pk, "engagements": OLD_ENGAGEMENTS, "status": "held", "days": -300}
    with connection.cursor() as cursor:
        cursor.execute(MAKE, facts)
        cursor.execute(OLD, {"deliveries": OLD_DELIVERIES})
        cursor.execute("VACUUM ANALYZE")


def idle_sweep():
    """(pages, tables read as a whole, seconds) of the statements of one sweep with nothing to do."""
    from django.db import connection

    from reminders.operations.sweeping import sweep

    statements = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    sweep()
    with connection.execute_wrapper(keep):
        begin = time.perf_counter()
        sweep()
        seconds = time.perf_counter() - begin
    pages, scans = 0, set()
    for sql, params in statements:
        if sql.lstrip().startswith(("SAVEPOINT", "RELEASE", "SET")):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
            [(plan,)] = cursor.fetchall()
        pages += count_pages(plan[0]["Plan"])
        scans |= set(whole_scans(plan[0]["Plan"]))
    return pages, sorted(scans), seconds


def count_pages(node):
    """Pages that a plan looked at, cached or not."""
    return node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def whole_scans(node):
    """Large tables that a plan reads from end to end."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from whole_scans(child)


LARGE = {"reminders_delivery", "outbox_message", "engagements_engagement", "engagements_participation"}

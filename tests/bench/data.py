"""Many agreements for the benchmarks, one of them large, made by set-based SQL."""

from django.db import connection

from commitments.models import Commitment
from partnership.models import Agreement, AgreementDate, Party
from partnership.operations import give_role, save_party
from records.roles import Role
from workstreams.models import Workstream

ROWS = """
SET session_replication_role = replica;

INSERT INTO contacts_organisation (agreement_id, name, short_name, kind, website)
SELECT %(agreement)s, 'Organisation ' || n, '', (ARRAY['council', 'supplier', 'government'])[1 + n %% 3], ''
FROM generate_series(1, %(people)s / 5) n;

INSERT INTO contacts_person (agreement_id, name, title, honours, email, job_title, organisation_id)
SELECT %(agreement)s, 'Person ' || n, '', '', 'person' || n || '@bench.example', 'Officer',
       o.first + n %% (%(people)s / 5)
FROM generate_series(1, %(people)s) n,
     (SELECT min(id) AS first FROM contacts_organisation WHERE agreement_id = %(agreement)s AND party_id IS NULL) o;

INSERT INTO engagements_engagement (agreement_id, title, kind, status, starts_on, start_time, time_zone, mode, venue,
    joining_link, summary, outcomes, chatham_house, is_public_event, source_url, cancel_reason, uid, sequence,
    schedule_version, revision, created_at, updated_at)
SELECT %(agreement)s, 'Engagement ' || n || ' on ' || (ARRAY['procurement', 'skills', 'security'])[1 + n %% 3],
    (ARRAY['workshop', 'roundtable', 'webinar', 'consultation', 'committee', 'policy', 'bilateral'])[1 + n %% 7],
    CASE WHEN n %% 50 = 0 THEN 'cancelled' WHEN days < 0 THEN 'held' ELSE 'planned' END,
    current_date + days, '10:00', 'Europe/London', 'online', 'Room ' || n %% 40, '',
    'What councils and suppliers ask of each other, part ' || n, 'Agreed to go on' || CASE WHEN n %% 997 = 0
    THEN ' with the zebra' ELSE '' END, n %% 20 = 0, false, '', '', gen_random_uuid(), 0, 1, 1, now(), now()
FROM (SELECT n, (n * 7919 %% 3650) - 3500 AS days FROM generate_series(1, %(engagements)s) n) numbered;

INSERT INTO engagements_engagementworkstream (agreement_id, engagement_id, workstream_id)
SELECT %(agreement)s, e.id, w.id FROM engagements_engagement e
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM workstreams_workstream
      WHERE agreement_id = %(agreement)s) w ON w.place = e.id %% 5
WHERE e.agreement_id = %(agreement)s;

INSERT INTO engagements_engagementhost (agreement_id, engagement_id, organisation_id)
SELECT %(agreement)s, e.id, o.first + e.id %% 2
FROM engagements_engagement e,
     (SELECT min(id) AS first FROM contacts_organisation WHERE agreement_id = %(agreement)s AND party_id IS NOT NULL) o
WHERE e.agreement_id = %(agreement)s;

INSERT INTO engagements_participation (agreement_id, engagement_id, person_id, organisation_id, role, reply, attendance,
    note, sent_apologies, deputy, earlier_reply)
SELECT %(agreement)s, e.id, p.id, p.organisation_id, 'participant', 'accepted',
       CASE WHEN e.status = 'held' THEN 'came' ELSE '' END, '', false, '', ''
FROM engagements_engagement e CROSS JOIN generate_series(0, 9) k
JOIN (SELECT id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS place FROM contacts_person
      WHERE agreement_id = %(agreement)s AND email LIKE 'person%%') p
     ON p.place = (e.id * 13 + k * (%(people)s / 15)) %% %(people)s
WHERE e.agreement_id = %(agreement)s;

INSERT INTO engagements_action (agreement_id, engagement_id, title, owner_organisation_id, due_on, done_on, created_at,
    progress, from_chatham_house)
SELECT %(agreement)s, e.id, 'Action of ' || e.title, o.first,
       e.starts_on + 30, CASE WHEN e.id %% 10 <> 0 THEN e.starts_on + 20 END, now(), '', e.chatham_house
FROM engagements_engagement e,
     (SELECT min(id) AS first FROM contacts_organisation WHERE agreement_id = %(agreement)s) o
WHERE e.agreement_id = %(agreement)s AND e.id %% 3 = 0;

SET session_replication_role = DEFAULT;
"""

AGREEMENTS = 50
SHARE = 5
"""The measured agreement holds a fifth of all engagements; the others share the rest alike."""


def make_agreements(engagements):
    """Make 50 agreements with ``engagements`` in all over ten years, ten participations each.

    Returns the officer of the one that is measured, whose slug is "bench".
    """
    for number in range(1, AGREEMENTS):
        _make_agreement(f"other-{number}", engagements * (SHARE - 1) // SHARE // (AGREEMENTS - 1), people=200)
    officer = _make_agreement("bench", engagements // SHARE, people=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return officer


def _make_agreement(slug, engagements, people):
    """An agreement with an officer, who is returned; ``people`` in its address book, five to an organisation."""
    agreement = Agreement.objects.create(name=slug.capitalize(), slug=slug, status=Agreement.Status.IN_FORCE)
    AgreementDate.objects.create(agreement=agreement, kind=AgreementDate.Kind.EFFECTIVE, on="2017-04-01")
    party = save_party(Party(agreement=agreement, name="First party", short_name="First"), by=None)
    save_party(Party(agreement=agreement, name="Second party", short_name="Second"), by=None)
    for place, name in enumerate(("Procurement", "Skills", "Cyber security", "AI", "Innovation")):
        Workstream.objects.create(agreement=agreement, name=name, slug=name.lower().replace(" ", "-"), position=place)
    for kind in ("workshop", "roundtable", "webinar", "committee"):
        Commitment.objects.create(
            agreement=agreement,
            title=f"Four of kind {kind} a year",
            measure="rhythm",
            rhythm_kinds=[kind],
            rhythm_count=4,
            rhythm_period="year",
        )
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"agreement": agreement.pk, "engagements": engagements, "people": people})
    officer = give_role(agreement, email=f"officer@{slug}.example", role=Role.EDITOR, party=party, by=None).user
    officer.confirm_email()
    return officer

"""What rules plan about engagements besides reminders: replies that are missing, papers due, records to complete."""

from string import Template

from reminders.planning.by_rules import LEADS, ByRules

RECENT = 430
"""Days for which a record is looked after: more than a step may lie after its last day."""

OLD = 60
"""What was over so many days before it was logged, or before a rule for it was made, is told to nobody: else whoever
takes a year of records over, or makes the first rule, would have a mail about each."""

_OFFICER = """EXISTS (
    SELECT FROM partnership_membership m
    WHERE m.agreement_id = t.agreement_id AND m.user_id = x.user_id AND m.role IN ('editor', 'lead'))"""
"""Whether a person (x) may change the record."""

_ORGANISERS = """
    SELECT a.person_id FROM engagements_participation a WHERE a.engagement_id = t.id AND a.role = 'organiser'"""

_FROM_HOSTS = """
    SELECT a.person_id FROM engagements_participation a
    JOIN engagements_engagementhost h ON h.engagement_id = t.id AND h.organisation_id = a.organisation_id
    WHERE a.engagement_id = t.id"""

_OWING = Template("""
    $organisers UNION ($hosts AND NOT EXISTS ($organisers)) UNION (
        SELECT t.logged_by_id WHERE t.logged_by_id IS NOT NULL AND NOT EXISTS ($organisers) AND NOT EXISTS ($hosts))
    """).substitute(organisers=_ORGANISERS, hosts=_FROM_HOSTS)
"""Who owes the papers of a meeting (t): its organisers, or else the participants from its hosts, or else whoever logged
it."""

_DECLINED = """COALESCE((
    SELECT CASE WHEN p.reply = 'declined' THEN '$DECLINED' WHEN p.attendance = 'apologies' THEN '$APOLOGIES' ELSE '' END
    FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id), '')"""

_OFF = "CASE WHEN e.status = 'cancelled' THEN '$CANCELLED' WHEN e.status = 'held' THEN '$HELD' ELSE '' END"

REPLY = ByRules(
    about="reply",
    link="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id, e.starts_on AS day, e.time_zone AS zone, e.title, e.occurrence,
               e.starts_at AS ends_at, e.kind, $off AS why
        FROM engagements_engagement e WHERE e.id $one""").safe_substitute(off=_OFF),
    audiences={
        "participants": """
            SELECT p.person_id FROM engagements_participation p
            WHERE p.engagement_id = t.id AND p.reply = '' AND p.attendance = ''"""
    },
    not_among="""CASE WHEN EXISTS (
        SELECT FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id)
        THEN '$REPLIED' ELSE '$REMOVED' END""",
    # An invitation and the news of another day ask for it too, and one is enough for a day; so does a reminder, which
    # takes the place of what would go two days around it. The window is that of the moment of sending.
    # What was not asked since another email did stays so, once its time has come.
    newer="""COALESCE(CASE WHEN d.state = 'skipped' AND d.reason = '$ASKED' AND n.due_at <= %(now)s THEN '$ASKED' END, (
        SELECT '$ASKED' FROM reminders_delivery o
        CROSS JOIN LATERAL (SELECT
            GREATEST(n.due_at, %(now)s) AS now,
            CASE o.kind WHEN 'reminder' THEN interval '2 days' ELSE interval '1 day' END AS near,
            CASE o.state WHEN 'planned' THEN o.goes_at WHEN 'skipped' THEN GREATEST(o.due_at, o.state_at)
                 ELSE o.state_at END AS at) w
        WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
          AND (o.kind IN ('invitation', 'moved') OR o.kind = 'reminder' AND o.occurrence = t.occurrence)
          AND w.at > w.now - w.near AND w.at < w.now + w.near
          AND (o.state IN ('planned', 'claimed', 'sent') OR o.state = 'skipped' AND o.reason = ANY (%(said)s))
        LIMIT 1), '')""",
    letter="""COALESCE((
        SELECT jsonb_build_object('place', p.id, 'occurrence', t.occurrence, 'earlier', p.earlier_reply)
        FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id), '{}')""",
)
"""A reply that is missing: those who have said nothing, until it begins."""

# The working days are those of ``holidays.working_day_before``.
_PAPERS_DUE = """(
    SELECT e.starts_on - back.days FROM generate_series(1, c.papers_days * 2 + 14) back (days)
    WHERE extract(isodow FROM e.starts_on - back.days) < 6 AND NOT e.starts_on - back.days = ANY (%(days_off)s::date[])
    ORDER BY back.days OFFSET c.papers_days - 1 LIMIT 1)"""

PAPERS = ByRules(
    about="papers",
    link="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id, due.day, e.time_zone AS zone, e.title,
               ABS(due.day - date '2000-01-01') AS occurrence, e.starts_at AS ends_at, e.kind,
               e.committee_id, e.starts_on, e.logged_by_id,
               CASE WHEN $off <> '' THEN $off
                    WHEN c.papers_days IS NULL THEN '$NO_PAPERS'
                    WHEN EXISTS (SELECT FROM engagements_document o WHERE o.engagement_id = e.id AND o.party_id IS NULL)
                    THEN '$PAPERS_ADDED' ELSE '' END AS why
        FROM engagements_engagement e LEFT JOIN engagements_committee c ON c.id = e.committee_id
        LEFT JOIN LATERAL $due due (day) ON c.papers_days IS NOT NULL
        WHERE e.id $one""").safe_substitute(off=_OFF, due=_PAPERS_DUE),
    audiences={
        "participants": "SELECT p.person_id FROM engagements_participation p WHERE p.engagement_id = t.id",
        "seats": """
            SELECT COALESCE(a.holder_id, a.deputy_id) FROM engagements_seat a
            WHERE a.committee_id = t.committee_id AND COALESCE(a.holder_id, a.deputy_id) IS NOT NULL
              AND (a.starts_on IS NULL OR a.starts_on <= t.starts_on)
              AND (a.ends_on IS NULL OR a.ends_on >= t.starts_on)""",
        "hosts": _OWING,
        "leads": LEADS,
    },
    personal=_DECLINED,
    letter=f"jsonb_build_object('may_edit', {_OFFICER})",
)
"""Papers for a meeting of a committee that says when they are due, until there are any that all may read."""

LACKS = """(NOT e.is_public_event AND (e.outcomes = '' OR e.head_count IS NULL AND NOT EXISTS (
    SELECT FROM engagements_participation a WHERE a.engagement_id = e.id AND a.attendance <> '')))"""
"""Whether the record of an engagement (e) that was held lacks something: ``with_record_state`` in SQL."""

_LAST = "COALESCE(e.ends_on, e.starts_on)"

_OTHER_HOSTS = """
    SELECT a.person_id FROM engagements_participation a
    JOIN engagements_engagementhost h ON h.engagement_id = t.id AND h.organisation_id = a.organisation_id
    WHERE a.engagement_id = t.id AND a.role = 'organiser'
      AND a.organisation_id IS DISTINCT FROM (
          SELECT l.organisation_id FROM contacts_person l WHERE l.id = t.logged_by_id)"""

UNRECORDED = ByRules(
    about="unrecorded",
    link="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id,
               CASE WHEN $last >= (e.created_at AT TIME ZONE %(zone)s)::date - $old
                     AND $last >= (
                         SELECT min(u.made_at AT TIME ZONE %(zone)s)::date - $old FROM reminders_rule u
                         WHERE u.agreement_id = e.agreement_id AND u.about = 'unrecorded')
                    THEN GREATEST($last, COALESCE(e.recorded_on, (e.created_at AT TIME ZONE %(zone)s)::date))
                    END AS day,
               e.time_zone AS zone, e.title, GREATEST($last - date '2000-01-01', 0) AS occurrence,
               NULL::timestamptz AS ends_at, e.kind, e.logged_by_id,
               CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
                    WHEN e.status <> 'held' THEN '$NOT_HELD'
                    WHEN NOT $lacks THEN '$COMPLETE' ELSE '' END AS why
        FROM engagements_engagement e WHERE e.id $one""").safe_substitute(last=_LAST, old=OLD, lacks=LACKS),
    audiences={
        "logger": "SELECT t.logged_by_id WHERE t.logged_by_id IS NOT NULL",
        "hosts": Template("$others UNION ($leads AND NOT EXISTS ($others))").substitute(
            others=_OTHER_HOSTS, leads=LEADS
        ),
        "leads": LEADS,
    },
    letter=f"jsonb_build_object('may_edit', {_OFFICER})",
)
"""A record of what was held that lacks who came or what came of it, until it lacks nothing.

Days are counted from the last day, or from the day on which it was recorded as held where that is later: who catches up
on the log has all of them.
"""

RULED = [REPLY, PAPERS, UNRECORDED]

TO_COMPLETE = f"""
    e.status = 'held' AND e.starts_on > (%(now)s AT TIME ZONE %(zone)s)::date - {RECENT} AND {LACKS}"""
"""Whether a record is one that somebody may still be told of."""

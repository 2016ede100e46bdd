"""Planning by rules: one set of SQL templates for all targets, each of which gives its rows and reasons.

A ``ByRules`` is for one kind of delivery and one target. Its rows (t) come from one statement, by key. As everywhere,
rows that belong to a delivery are read by key, one at a time (LATERAL ... OFFSET 0).
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from string import Template

from reminders.planning.database import recheck_rows, run
from reminders.planning.due_dates import due_at
from reminders.planning.recipient_checks import OF_READER
from reminders.preferences.statements import CHOICE, refusal
from reminders.queries import REASONS

ENDLESS = "interval '1 year'"
"""How long a delivery may wait where its target sets no end, for example a reminder of an open action."""

# The rounds of a step (s) to plan. A step that repeats has the latest round that has passed, and the next one.
_ROUNDS = Template("""
    SELECT 0 AS nth, $first AS at WHERE s.repeats_every IS NULL
    UNION ALL (
        SELECT around.nth, around.at FROM ($around) around WHERE around.at <= %(now)s ORDER BY around.nth DESC LIMIT 1)
    UNION ALL (
        SELECT around.nth, around.at FROM ($around) around WHERE around.at > %(now)s ORDER BY around.nth LIMIT 1)""")
# A round may be moved to before some days off, so one that is ahead by the calendar may have passed already.
_AROUND = Template("""
    SELECT k.nth, $nth AS at
    FROM generate_series(
        GREATEST((((%(now)s AT TIME ZONE t.zone)::date - t.day - s.days) / s.repeats_every) - 2, 0),
        GREATEST((((%(now)s AT TIME ZONE t.zone)::date - t.day - s.days) / s.repeats_every), 0) + 10) k (nth)
    WHERE s.repeats_every IS NOT NULL""")

FOLLOW = """), changed AS (
        UPDATE reminders_delivery AS d
        SET state = n.state, reason = n.reason, title = n.title, due_at = n.due_at, expires_at = n.expires_at,
            state_at = CASE WHEN d.state = n.state AND d.reason = n.reason THEN d.state_at ELSE %(now)s END
        FROM stale n WHERE n.id = d.id
        RETURNING d.state)
    SELECT state, count(*) FROM changed GROUP BY state"""
"""Closing clauses: update the ``stale`` deliveries to the values found, and count them by state."""

_PLAN = Template("""
    WITH t AS MATERIALIZED (
        SELECT t.*, asked.since
        FROM ($all_rows) t JOIN unnest(%(ids)s::bigint[], %(since)s::timestamptz[]) asked (key, since) ON key = t.id
        WHERE t.day IS NOT NULL AND t.why = ''
    ), steps AS MATERIALIZED (
        SELECT t.id, s.rule_id, s.id AS step_id, s.counts_from, r.audience, round.nth, round.at AS due_at,
               COALESCE(t.ends_at, round.at + $endless) AS expires_at
        FROM t
        JOIN reminders_rule r ON r.agreement_id = t.agreement_id AND r.is_active AND r.kind = '$kind'
                                 AND (r.engagement_kinds = '{}' OR t.kind = ANY (r.engagement_kinds))
        JOIN reminders_step s ON s.rule_id = r.id
        CROSS JOIN LATERAL ($rounds) round
    ), people AS MATERIALIZED (
        SELECT found.id, found.audience, found.person_id, $personal AS reason, c
        FROM ($found) found
        JOIN t ON t.id = found.id
        CROSS JOIN LATERAL (SELECT * FROM contacts_person WHERE id = found.person_id OFFSET 0) x
        $choice
    ), added AS (
        INSERT INTO reminders_delivery (
            agreement_id, kind, rule_id, step_id, person_id, ${link}_id, is_gone, title, occurrence, round,
            due_at, expires_at, state, reason, state_at)
        SELECT t.agreement_id, '$kind', steps.rule_id, steps.step_id, people.person_id, t.id, FALSE, t.title,
               t.occurrence, steps.nth, steps.due_at, steps.expires_at,
               CASE WHEN why.reason = '' THEN 'planned' ELSE 'skipped' END, why.reason, %(now)s
        FROM t JOIN people USING (id) JOIN steps ON steps.id = t.id AND people.audience = ANY (steps.audience)
        CROSS JOIN LATERAL (SELECT CASE WHEN $is_past THEN '$PASSED' ELSE COALESCE(
            NULLIF(people.reason, ''),
            CASE WHEN steps.due_at >= steps.expires_at THEN '$TOO_LATE' END,
            $refusal) END AS reason) why
        WHERE steps.expires_at > %(now)s
        ORDER BY t.id, people.person_id, steps.step_id, steps.nth
        ON CONFLICT DO NOTHING
        RETURNING state)
    SELECT state, count(*) FROM added GROUP BY state""")

_FACTS = Template("""
    JOIN LATERAL (SELECT * FROM ($one_row) t OFFSET 0) t ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    LEFT JOIN LATERAL (SELECT * FROM reminders_step WHERE id = d.step_id OFFSET 0) s ON TRUE
    LEFT JOIN LATERAL (SELECT * FROM reminders_rule WHERE id = s.rule_id OFFSET 0) r ON TRUE
    $choice
    CROSS JOIN LATERAL (SELECT
        COALESCE(d.occurrence <> t.occurrence, FALSE) AS is_moved,
        CASE WHEN d.is_by_hand THEN d.due_at ELSE COALESCE($due_at, d.due_at) END AS due_at OFFSET 0) is_so
    CROSS JOIN LATERAL (SELECT
        CASE WHEN is_so.is_moved THEN d.due_at ELSE is_so.due_at END AS due_at,
        CASE WHEN is_so.is_moved THEN d.expires_at ELSE COALESCE(t.ends_at, is_so.due_at + $endless) END
            AS expires_at OFFSET 0) n
    CROSS JOIN LATERAL (
        SELECT COALESCE(NULLIF($reason, ''), $refusal) AS reason OFFSET 0) v
    CROSS JOIN LATERAL (SELECT CASE WHEN is_so.is_moved THEN 'superseded' ELSE CASE v.reason
        WHEN '' THEN 'planned' WHEN '$TOO_OLD' THEN 'expired' ELSE 'skipped' END END AS state) outcome""")

STAYS_PAST = Template("""
    (d.reason = '$PASSED' AND $due_at <= %(now)s
     OR NOT d.is_by_hand AND $due_at < s.counts_from
        AND (d.state = 'planned' AND d.due_at >= s.counts_from
             OR d.state = 'skipped' AND d.reason IN ('$PAUSED', '$OTHER_KIND', '$NO_STEP', '$NOT_FOR_THEM')))""")
"""Condition: a delivery (d), due at ``$due_at``, is not sent because that time had passed when its step (s) began to
count: either when it was planned, or when the rule was changed or resumed."""

# Why a delivery (d) is not sent; '' where it is sent.
_REASON = Template("""
    CASE WHEN is_so.is_moved THEN $moved
         WHEN $stays_past THEN '$PASSED'
         WHEN t.why <> '' THEN t.why
         WHEN s.id IS NULL OR r.id IS NULL OR d.round > 0 AND s.repeats_every IS NULL THEN '$NO_STEP'
         WHEN NOT r.is_active THEN '$PAUSED'
         WHEN r.engagement_kinds <> '{}' AND NOT t.kind = ANY (r.engagement_kinds) THEN '$OTHER_KIND'
         WHEN NOT ($is_among) THEN $not_among
         WHEN $personal <> '' THEN $personal
         WHEN n.due_at >= n.expires_at THEN '$TOO_LATE'
         WHEN n.expires_at <= %(now)s THEN '$TOO_OLD'
         WHEN n.due_at <= %(now)s AND EXISTS (
             -- Whatever rule it is of: nobody is told twice at once that something is due.
             SELECT FROM reminders_delivery o
             WHERE o.${link}_id = d.${link}_id AND o.person_id = d.person_id AND o.kind = d.kind
               AND o.occurrence = d.occurrence AND o.id <> d.id AND o.due_at BETWEEN n.due_at AND %(now)s
               AND CASE WHEN o.state = 'planned' THEN (o.due_at, o.id) > (n.due_at, d.id)
                        ELSE o.state IN ('claimed', 'sent', 'failed', 'bounced')
                             OR o.state = 'skipped' AND o.reason = ANY (%(said)s) END) THEN '$OVERTAKEN'
         ELSE $newer END""")

# The open deliveries whose values have changed. Where a day is put back, the old occurrence is in force again.
_JUDGE = Template("""
    WITH stale AS MATERIALIZED (
        SELECT d.id, outcome.state, v.reason, CASE WHEN is_so.is_moved THEN d.title ELSE t.title END AS title,
               n.due_at, n.expires_at
        FROM reminders_delivery d $facts
        WHERE d.${link}_id = ANY (%(ids)s) AND d.kind = '$kind'
          AND (d.state = 'planned'
               OR d.state = 'skipped' AND d.expires_at > %(now)s AND d.reason LIKE ANY (%(passing)s)
                  AND NOT is_so.is_moved
               OR d.state = 'superseded' AND d.reason = $moved AND NOT is_so.is_moved)
          AND (d.state, d.reason, d.title, d.due_at, d.expires_at) IS DISTINCT FROM (
              outcome.state, v.reason, CASE WHEN is_so.is_moved THEN d.title ELSE t.title END, n.due_at, n.expires_at)
        ORDER BY d.id
        FOR UPDATE OF d $skip
    $follow""")

_RECHECK = Template("""
    SELECT d.id, v.reason, $facts_of_email
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON d.kind = '$kind'
    $facts""")

_FOUND = Template("""
    SELECT t.id, '$group' AS audience, found.person_id
    FROM t CROSS JOIN LATERAL ($people OFFSET 0) found (person_id)
    WHERE EXISTS (SELECT FROM steps WHERE steps.id = t.id AND '$group' = ANY (steps.audience))""")


def _worded(sql, **more):
    return Template(sql).safe_substitute(REASONS, **more)


ONLY_AHEAD = "steps.due_at < GREATEST(t.since, steps.counts_from)"
"""Condition: the time of a step (of ``steps``) had passed when somebody was added or the target changed (``t.since``),
or when the step was added to its rule."""

UNLESS_MOVED = Template("""
    (steps.due_at < GREATEST($row.since, steps.counts_from) AND NOT EXISTS (
        SELECT FROM reminders_delivery o
        WHERE o.${link}_id = $row.id AND o.person_id = people.person_id AND o.step_id = steps.step_id
          AND o.occurrence <> $occurrence))""")
"""The same, except for people who have this step for another date: they are notified of the new date at once, as
nothing else notifies them."""

UNLESS_IT_BEGAN = Template("""
    (steps.due_at < GREATEST(t.made_at, steps.counts_from)
     OR steps.due_at < t.since AND EXISTS (
        SELECT FROM reminders_delivery o
        WHERE o.${link}_id = t.id AND o.kind = '$kind' AND o.occurrence = t.occurrence))""")
"""The same for conditions that begin as days go by and are found later. The time of such a step counts as passed only
if it was before the target was made (``t.made_at``) or the step was added, or if this occurrence has deliveries already
and only the reader is new."""


@dataclass(frozen=True)
class ByRules:
    """How rules plan the deliveries of one kind about one target.

    ``kind`` is the kind of the rules; ``target`` is what the deliveries are about. The rest is SQL, in which ``$DONE``
    and the like stand for the words of a ``Reason``.

    - ``rows``: a SELECT of the targets, with ``$one`` in place of the condition on the key ("a.id $one"). It gives
      ``id``, ``agreement_id``, ``day`` (from which steps count; NULL: nothing is planned), ``zone``, ``title``,
      ``occurrence`` (another number makes it a new thing), ``ends_at`` (when it is too late; NULL: never), ``kind`` (of
      engagement, else NULL), ``why`` (why nothing about it is sent, or ''), and the columns that the rest of the SQL
      here reads from ``t``.
    - ``audiences``: {group of people: a SELECT of the ids of its people, for ``t``}.
    - ``moved``: why a delivery is not sent once the occurrence of ``t`` is another one. Where ``t`` has none (NULL),
      ``why`` gives the reason, and the delivery is sent after all if that changes.
    - ``not_among``: why it is not sent to a person whom the rule (r) no longer notifies.
    - ``is_past``: the condition that a step is planned as skipped, since its time has passed: one of the three above.
    - ``personal``: why a person (x) is not notified of ``t``, or ''. ``newer``: why a delivery (d) is not sent in view
      of other deliveries, or ''.
    - ``facts``: the facts that the email of a delivery (d) needs, as JSON.
    """

    kind: str
    target: str
    rows: str
    audiences: dict
    moved: str = "'$MOVED'"
    not_among: str = "'$NOT_FOR_THEM'"
    is_past: str | Template = ONLY_AHEAD
    personal: str = "''"
    newer: str = "''"
    facts: str = "'{}'"

    @cached_property
    def reason(self):
        """SQL for why a delivery (d) is not sent."""
        is_among = " OR ".join(
            f"'{group}' = ANY (r.audience) AND d.person_id IN ({people})" for group, people in self.audiences.items()
        )
        return _REASON.substitute(
            REASONS,
            link=self.target,
            moved=_worded(self.moved),
            stays_past=STAYS_PAST.substitute(REASONS, due_at="n.due_at"),
            is_among=is_among,
            not_among=_worded(self.not_among),
            personal=self._personal,
            newer=_worded(self.newer),
        )

    @property
    def _personal(self):
        return f"COALESCE(NULLIF({_worded(self.personal)}, ''), {OF_READER})"

    @property
    def _is_past(self):
        if isinstance(self.is_past, Template):
            return self.is_past.substitute(link=self.target, kind=self.kind, row="t", occurrence="t.occurrence")
        return self.is_past

    @cached_property
    def _facts(self):
        return _FACTS.substitute(
            REASONS,
            one_row=_worded(self.rows, one=f"= d.{self.target}_id"),
            due_at=due_at("t.day", "t.zone", "d.round"),
            endless=ENDLESS,
            reason=self.reason,
            choice=CHOICE.format(person="d.person_id"),
            refusal=refusal("d.kind", "n.due_at", "n.expires_at", "d.is_by_hand"),
        )

    @cached_property
    def _plan(self):
        found = " UNION ALL ".join(_FOUND.substitute(group=key, people=sql) for key, sql in self.audiences.items())
        around = _AROUND.substitute(nth=due_at("t.day", "t.zone", "k.nth"))
        return _PLAN.substitute(
            REASONS,
            all_rows=_worded(self.rows, one="= ANY (%(ids)s)"),
            kind=self.kind,
            link=self.target,
            endless=ENDLESS,
            rounds=_ROUNDS.substitute(first=due_at("t.day", "t.zone"), around=around),
            is_past=self._is_past,
            personal=self._personal,
            found=found,
            choice=CHOICE.format(person="found.person_id"),
            refusal=refusal(f"'{self.kind}'", "steps.due_at", "steps.expires_at", c="(people.c)"),
        )

    def _judge(self, skip):
        own = {"link": self.target, "kind": self.kind, "moved": _worded(self.moved)}
        return _JUDGE.substitute(REASONS, facts=self._facts, skip=skip, follow=FOLLOW, **own)

    @cached_property
    def _recheck(self):
        return _RECHECK.substitute(facts=self._facts, kind=self.kind, facts_of_email=self.facts)

    def plan(self, now, ids, since, *, patient=True, **found) -> Counter:
        """Bring the deliveries of these targets up to date; see ``Target.plan``. ``found``: parameters of ``rows``."""
        counts = Counter(dict(run(self._judge("" if patient else "SKIP LOCKED"), now=now, ids=ids, **found)))
        return counts + Counter(dict(run(self._plan, now=now, ids=ids, since=since, **found)))

    def recheck(self, now, ids, **found):
        """(id, reason, facts) of those of these deliveries that are of this kind; see ``Target.recheck``."""
        return recheck_rows(self._recheck, now, ids, **found)

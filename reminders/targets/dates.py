"""Deliveries about dates of an agreement: those who lead are told before it is reviewed, and before it ends."""

from string import Template

from reminders.planning.by_rules import LEADS, UNLESS_MOVED, ByRules, holder_of
from reminders.targets.date_letters import TITLES, Writer

__all__ = ["ALL", "REASONS", "RULED", "Writer", "hold", "look", "plan", "spread"]

_titles = " ".join(f"WHEN '{kind}' THEN '{title}'" for kind, title in TITLES.items())
_TOLD = "y.kind IN ({})".format(", ".join(f"'{kind}'" for kind in TITLES))

COMING = ByRules(
    about="date",
    link="date",
    rows=Template("""
        SELECT y.id, y.agreement_id, CASE WHEN $told THEN y."on" END AS day, %(zone)s AS zone,
               CASE y.kind $titles ELSE '' END AS title,
               GREATEST(y."on" - date '2000-01-01', 0) AS occurrence,
               timezone(%(zone)s, (y."on" + 1)::timestamp) AS ends_at, NULL::text AS kind,
               CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE' ELSE '' END AS why
        FROM partnership_agreementdate y JOIN partnership_agreement g ON g.id = y.agreement_id
        WHERE y.id $one""").safe_substitute(told=_TOLD, titles=_titles),
    audiences={"leads": LEADS},
    is_past=UNLESS_MOVED,
)
"""A date of an agreement in force. Once it has passed no mail says so: the dashboard does."""

RULED = [COMING]

REASONS = {"date": COMING.reason}
"""Why a delivery about a date does not go, in SQL."""

_TO_COME = f"""{_TOLD} AND y."on" >= (%(now)s AT TIME ZONE %(zone)s)::date"""

ALL = Template("""
    SELECT y.id FROM partnership_agreementdate y
    WHERE y.id > %(after)s AND $to_come ORDER BY y.id LIMIT %(limit)s""").substitute(to_come=_TO_COME)

_BY_AGREEMENT = Template("""
    SELECT y.id FROM partnership_agreementdate y WHERE y.agreement_id = %(key)s AND $to_come""")

_BY_PERSON = Template("""
    SELECT y.id FROM contacts_person p JOIN partnership_agreementdate y ON y.agreement_id = p.agreement_id
    WHERE p.id = %(key)s AND p.user_id IS NOT NULL AND $to_come""")

spread = {
    "agreement": _BY_AGREEMENT.substitute(to_come=_TO_COME),
    "person": _BY_PERSON.substitute(to_come=_TO_COME),
}

hold = holder_of("partnership_agreementdate")

plan, look = COMING.plan, COMING.look

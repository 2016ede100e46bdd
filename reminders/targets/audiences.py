"""Whom a rule tells of an engagement, in SQL: each group of ``Audience`` as the ids of its people.

``e`` is the engagement. Each of these is read by keys, and only for engagements of which a rule tells that group.
"""

from string import Template

PEOPLE = {
    "participants": "SELECT a.person_id FROM engagements_participation a WHERE a.engagement_id = e.id",
    "hosts": """
        SELECT a.person_id FROM engagements_participation a
        WHERE a.engagement_id = e.id AND (a.role = 'organiser' OR EXISTS (
            SELECT FROM engagements_engagementhost h
            WHERE h.engagement_id = e.id AND h.organisation_id = a.organisation_id))""",
    "seats": """
        SELECT one.person_id FROM engagements_seat a
        CROSS JOIN LATERAL (VALUES (a.holder_id), (a.deputy_id)) one (person_id)
        WHERE a.committee_id = e.committee_id AND one.person_id IS NOT NULL
          AND (a.starts_on IS NULL OR a.starts_on <= e.starts_on)
          AND (a.ends_on IS NULL OR a.ends_on >= e.starts_on)""",
    "owners": """
        SELECT a.owner_person_id FROM engagements_action a
        WHERE a.engagement_id = e.id AND a.done_on IS NULL AND a.owner_person_id IS NOT NULL""",
    "leads": """
        SELECT one.id FROM partnership_membership a
        JOIN contacts_person one ON one.user_id = a.user_id AND one.agreement_id = a.agreement_id
        WHERE a.agreement_id = e.agreement_id AND a.role = 'lead'""",
    "logger": "SELECT e.logged_by_id WHERE e.logged_by_id IS NOT NULL",
}

_ONE = Template("""
        SELECT e.id, '$group' AS audience, found.person_id
        FROM e CROSS JOIN LATERAL ($people OFFSET 0) found (person_id)
        WHERE EXISTS (SELECT FROM steps WHERE steps.id = e.id AND '$group' = ANY (steps.audience))""")

FOUND = " UNION ALL ".join(_ONE.substitute(group=group, people=people) for group, people in PEOPLE.items())
"""(id of an engagement, group, person) for all of ``e`` and the groups that its ``steps`` tell."""

_IS_ONE = Template("'$group' = ANY (r.audience) AND d.person_id IN ($people)")

IS_AMONG = "({})".format(
    " OR ".join(
        # Whoever takes part was looked up already (p).
        "'participants' = ANY (r.audience) AND p.id IS NOT NULL"
        if group == "participants"
        else _IS_ONE.substitute(group=group, people=people)
        for group, people in PEOPLE.items()
    )
)
"""Whether the person of a delivery (d) is still among those whom its rule (r) tells."""

"""Groups of people in SQL: each function takes the alias of a row, and returns a SELECT of the ids of its people."""

from string import Template

_LEADS = Template("""
    SELECT one.id FROM partnership_membership m
    JOIN contacts_person one ON one.user_id = m.user_id AND one.agreement_id = m.agreement_id
    WHERE m.agreement_id = $row.agreement_id AND m.role = 'lead'""")

_PARTICIPANTS = Template("SELECT a.person_id FROM engagements_participation a WHERE a.engagement_id = $row.id")

_IS_FROM_A_HOST = Template("""EXISTS (
        SELECT FROM engagements_engagementhost h
        WHERE h.engagement_id = $row.id AND h.organisation_id = a.organisation_id)""")

_SEATS = Template("""
    SELECT one.person_id FROM engagements_seat a
    CROSS JOIN LATERAL ($who) one (person_id)
    WHERE a.committee_id = $row.committee_id AND one.person_id IS NOT NULL
      AND (a.starts_on IS NULL OR a.starts_on <= $row.starts_on)
      AND (a.ends_on IS NULL OR a.ends_on >= $row.starts_on)""")

_OWNERS = Template("""
    SELECT a.owner_person_id FROM engagements_action a
    WHERE a.engagement_id = $row.id AND a.done_on IS NULL AND a.owner_person_id IS NOT NULL""")

_LOGGER = Template("SELECT $row.logged_by_id WHERE $row.logged_by_id IS NOT NULL")


def leads(row):
    """The leads of the parties of the agreement of ``row``."""
    return _LEADS.substitute(row=row)


def participants(row):
    """The people who take part in the engagement ``row``."""
    return _PARTICIPANTS.substitute(row=row)


def organisers(row):
    return f"{participants(row)} AND a.role = 'organiser'"


def from_hosts(row):
    """The people who take part for an organisation that hosts it."""
    return f"{participants(row)} AND {_IS_FROM_A_HOST.substitute(row=row)}"


def hosts(row):
    """The people who take part for a host, and the organisers."""
    return f"{participants(row)} AND (a.role = 'organiser' OR {_IS_FROM_A_HOST.substitute(row=row)})"


def seats(row):
    """The holders and deputies of the seats on its committee on its first day."""
    return _SEATS.substitute(row=row, who="VALUES (a.holder_id), (a.deputy_id)")


def holders(row):
    """The holders of the same seats, or the deputy of a seat that nobody holds."""
    return _SEATS.substitute(row=row, who="VALUES (COALESCE(a.holder_id, a.deputy_id))")


def logger(row):
    """The person who logged it."""
    return _LOGGER.substitute(row=row)


def owners(row):
    """The owners of open actions from the engagement ``row``."""
    return _OWNERS.substitute(row=row)


def first_of(*groups):
    """The first of these groups that is not empty."""
    found, before = [], []
    for group in groups:
        nobody = "".join(f" AND NOT EXISTS ({each})" for each in before)
        found.append(f"(SELECT one.id FROM ({group}) one (id) WHERE TRUE{nobody})")
        before.append(group)
    return " UNION ".join(found)

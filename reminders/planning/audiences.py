"""Groups of people, in SQL: the ids of the people of a row, by its alias. Each is written here once."""

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
    """Who leads for a party of the agreement of ``row``."""
    return _LEADS.substitute(row=row)


def participants(row):
    """Who takes part in the engagement ``row``."""
    return _PARTICIPANTS.substitute(row=row)


def organisers(row):
    """Who organises it."""
    return f"{participants(row)} AND a.role = 'organiser'"


def from_hosts(row):
    """Who takes part for an organisation that hosts it."""
    return f"{participants(row)} AND {_IS_FROM_A_HOST.substitute(row=row)}"


def hosts(row):
    """Who takes part for a host, or organises it."""
    return f"{participants(row)} AND (a.role = 'organiser' OR {_IS_FROM_A_HOST.substitute(row=row)})"


def seats(row):
    """Who has a seat on its committee on its day, and their deputies."""
    return _SEATS.substitute(row=row, who="VALUES (a.holder_id), (a.deputy_id)")


def holders(row):
    """Who has a seat on its committee on its day; the deputy where nobody has it."""
    return _SEATS.substitute(row=row, who="VALUES (COALESCE(a.holder_id, a.deputy_id))")


def logger(row):
    """Who logged it."""
    return _LOGGER.substitute(row=row)


def owners(row):
    """Who owns an open action from the engagement ``row``."""
    return _OWNERS.substitute(row=row)


def first_of(*groups):
    """The first of these groups in which there is anybody."""
    found, before = [], []
    for group in groups:
        nobody = "".join(f" AND NOT EXISTS ({each})" for each in before)
        found.append(f"(SELECT one.id FROM ({group}) one (id) WHERE TRUE{nobody})")
        before.append(group)
    return " UNION ".join(found)

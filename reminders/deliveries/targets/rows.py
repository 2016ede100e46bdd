"""The targets whose planned deliveries all come from the ``ByRules`` templates."""

from django.urls import reverse

from commitments.models import Commitment
from commitments.presenters.watch import watched
from engagements.models import Action
from engagements.presenters.inactivity import watched_workstreams
from partnership.models import AgreementDate
from reminders.deliveries.targets.base import Target
from reminders.notifications.kinds.date import IS_ANNOUNCED
from workstreams.models import Workstream


class Actions(Target):
    """Actions: owners are notified when they get one, and by rules when it is due."""

    def rows(self, keys):
        rows = Action.objects.filter(pk__in=keys).with_links()
        return rows.select_related("agreement", "engagement__agreement").in_bulk()

    def url(self, slug, delivery):
        """The URL of the list of actions, opened at this one."""
        return f"{reverse(self.page, args=[slug])}?just={delivery.action_id}#action-{delivery.action_id}"


_OPEN = "t.done_on IS NULL AND t.due_on IS NOT NULL"

ACTIONS = Actions(
    name="action",
    model=Action,
    page="engagements:actions",
    to_come=_OPEN,
    concerned_by={
        "agreement": f"SELECT t.id FROM engagements_action t WHERE t.agreement_id = %(key)s AND {_OPEN}",
        "person": f"""
            SELECT t.id FROM engagements_action t WHERE t.owner_person_id = %(key)s AND {_OPEN}
            UNION
            SELECT d.action_id FROM reminders_delivery d
            WHERE d.person_id = %(key)s AND d.kind = 'action_due' AND d.state IN ('planned', 'skipped')
              AND d.action_id IS NOT NULL""",
    },
    facts="jsonb_build_object('owner', d.person_id)",
)


def _of_users(table, condition):
    """A SELECT of the rows of a person's agreement, if the person has an account: only then can they be a lead."""
    return f"""
        SELECT t.id FROM contacts_person p JOIN {table} t ON t.agreement_id = p.agreement_id
        WHERE p.id = %(key)s AND p.user_id IS NOT NULL AND {condition}"""


class Commitments(Target):
    """Commitments: leads are notified that one slips or is late, and that nothing is held for it."""

    def parameters(self, now, ids):
        """The status of these commitments, as the columns that ``progress_sql.WATCHED`` takes."""
        rows = watched(ids, now)
        return {
            "keys": [row.key for row in rows],
            "states": [str(row.state) for row in rows],
            "reasons": [row.reason for row in rows],
            "slips_since": [row.since for row in rows],
            "periods": [row.period for row in rows],
            "until": [row.until for row in rows],
            "quiet_since": [row.quiet_since for row in rows],
            "last_on": [row.last_on for row in rows],
        }


_MEASURED = "t.measure <> 'narrative'"

COMMITMENTS = Commitments(
    name="commitment",
    model=Commitment,
    page="commitments:commitment",
    to_come=_MEASURED,
    concerned_by={
        "agreement": f"SELECT t.id FROM commitments_commitment t WHERE t.agreement_id = %(key)s AND {_MEASURED}",
        "person": _of_users("commitments_commitment", _MEASURED),
    },
)


class Workstreams(Target):
    """Workstreams: leads are notified that nothing has been held for one for a long time."""

    def parameters(self, now, ids):
        """The days since when they are quiet, as the columns that ``progress_sql.QUIET`` takes."""
        rows = list(watched_workstreams(ids).order_by("pk"))
        return {
            "keys": [row.pk for row in rows],
            "quiet_since": [row.quiet_since for row in rows],
            "last_on": [row.last_on for row in rows],
        }

    def url(self, slug, delivery):
        """The URL of its page, which holds its slug. Lists read the workstream along with the deliveries."""
        return reverse(self.page, args=[slug, delivery.workstream.slug])


WORKSTREAMS = Workstreams(
    name="workstream",
    model=Workstream,
    page="dashboards:workstream",
    to_come="t.archived_on IS NULL",
    concerned_by={
        "agreement": "SELECT t.id FROM workstreams_workstream t WHERE t.agreement_id = %(key)s",
        "person": _of_users("workstreams_workstream", "TRUE"),
    },
)


class Dates(Target):
    """Dates of an agreement: leads are notified before its review, its last day for notice and its end."""

    def url(self, slug, delivery):
        """The URL of the page of the agreement."""
        return reverse(self.page, args=[slug])


_AHEAD = f"""{IS_ANNOUNCED} AND t."on" >= (%(now)s AT TIME ZONE %(zone)s)::date"""

DATES = Dates(
    name="date",
    model=AgreementDate,
    page="dashboards:about",
    to_come=_AHEAD,
    concerned_by={
        "agreement": f"SELECT t.id FROM partnership_agreementdate t WHERE t.agreement_id = %(key)s AND {_AHEAD}",
        "person": _of_users("partnership_agreementdate", _AHEAD),
    },
)

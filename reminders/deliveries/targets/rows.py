"""The targets whose rows are planned by the common template alone."""

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
    """Actions: their owners are told when they get one, and by rules that it is due."""

    def rows(self, keys):
        """With what belongs to them."""
        rows = Action.objects.filter(pk__in=keys).with_links()
        return rows.select_related("agreement", "engagement__agreement").in_bulk()

    def url(self, slug, delivery):
        """Their list, which opens at one."""
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
    """The rows of an agreement that concern those of its people who have an account: its leads are among them."""
    return f"""
        SELECT t.id FROM contacts_person p JOIN {table} t ON t.agreement_id = p.agreement_id
        WHERE p.id = %(key)s AND p.user_id IS NOT NULL AND {condition}"""


class Commitments(Target):
    """Commitments: those who lead are told that one slips or is late, and that nothing is held for it."""

    def parameters(self, now, ids):
        """How they stand, as the columns that the statements take."""
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
    """Workstreams: those who lead are told that nothing has been held for one for long."""

    def parameters(self, now, ids):
        """Since when they are quiet, as the columns that the statement takes."""
        rows = list(watched_workstreams(ids).order_by("pk"))
        return {
            "keys": [row.pk for row in rows],
            "quiet_since": [row.quiet_since for row in rows],
            "last_on": [row.last_on for row in rows],
        }

    def url(self, slug, delivery):
        """Its page, which its name is in. The workstream is read along with the rows."""
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
    """Dates of an agreement: those who lead are told before it is reviewed, and before it ends."""

    def url(self, slug, delivery):
        """The page of the agreement."""
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

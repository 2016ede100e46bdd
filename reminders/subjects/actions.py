"""Deliveries about actions: their owners are told when they get one, and why not."""

from string import Template

from django.conf import settings
from django.template.loader import render_to_string

from engagements.models import Action
from reminders.queries import Reason
from reminders.subjects.engagements import OF_READER
from reminders.subjects.text import Text
from reminders.subjects.told_once import hold, looked_at, plan, spread

_names = {reason.name: reason.value for reason in Reason}

_GIVEN = Template("""
    CASE WHEN a.done_on IS NOT NULL THEN '$DONE'
         WHEN a.owner_person_id IS DISTINCT FROM d.person_id THEN '$OTHER_OWNER'
         WHEN d.expires_at <= %(now)s THEN '$TOO_OLD'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)

__all__ = ["ALL", "REASONS", "Writer", "hold", "look", "plan", "spread"]

REASONS = {"action": _GIVEN}
"""For each kind of delivery about an action (a): the reason why it (d) does not go to the person (x), in SQL."""

_reasons = " ".join(f"WHEN '{kind}' THEN {reason}" for kind, reason in REASONS.items())

_LOOK = Template("""
    SELECT d.id, CASE d.kind $reasons ELSE '$UNKNOWN' END, '{}'
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
    JOIN LATERAL (SELECT * FROM engagements_action WHERE id = d.action_id OFFSET 0) a ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    """).substitute(_names, reasons=_reasons)

ALL = "SELECT id FROM engagements_action WHERE FALSE AND id > %(after)s LIMIT %(limit)s"


def look(now, ids):
    """(id, reason, facts) of each of these deliveries, as it is now."""
    return looked_at(_LOOK, now, ids)


class Writer:
    """Writes what claimed messages about actions say."""

    def __init__(self, claimed):
        rows = Action.objects.filter(pk__in={one.subject_id for one in claimed})
        self.actions = rows.select_related("agreement", "engagement__agreement", "owner_person").in_bulk()

    def write(self, claimed) -> Text | None:
        """What its owner gets; None where it was deleted meanwhile."""
        action = self.actions.get(claimed.subject_id)
        if action is None:
            return None
        subject = f"An action for you: {' '.join(action.title.split())}"
        context = {
            "subject": subject,
            "action": action,
            "agreement": action.agreement,
            "engagement": action.engagement,
            "link": settings.SITE_URL + (action.engagement or action).get_absolute_url(),
            "has_account": claimed.has_account,
        }
        return Text(
            subject=subject,
            plain=render_to_string("reminders/mail/action.txt", context),
            html=render_to_string("reminders/mail/action.html", context),
        )

"""Deliveries about deleted engagements: the cancellation emails, which were stored before the deletion."""

from collections import Counter
from string import Template

from outbox.content import CalendarFile, EmailContent
from reminders.models import CancellationNotice
from reminders.planning.database import recheck_rows
from reminders.planning.recipient_checks import OF_READER
from reminders.queries import REASONS

_RECHECK = Template("""
    SELECT d.id, CASE
            WHEN NOT EXISTS (SELECT FROM reminders_cancellationnotice f WHERE f.delivery_id = d.id) THEN '$DELETED'
            WHEN d.expires_at <= %(now)s THEN '$OVER'
            ELSE $of_reader END, jsonb_build_object('batch_id', d.batch_id)
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    """).substitute(REASONS, of_reader=OF_READER)


class Deleted:
    """Stored emails are sent unless it is too late for them; nothing else is planned. See ``base.Target``."""

    name, concerned_by, planned = "gone", {}, ()
    all_ids = (
        "SELECT delivery_id FROM reminders_cancellationnotice WHERE FALSE AND delivery_id > %(after)s LIMIT %(limit)s"
    )

    def plan(self, now, ids, since, *, patient=True) -> Counter:
        return Counter()

    def lock(self, ids):
        """All of them are free: nobody can be saving a deleted engagement."""
        return list(ids), []

    def recheck(self, now, ids):
        """See ``Target.recheck``."""
        return recheck_rows(_RECHECK, now, ids)

    def writer(self, claimed):
        return DeletedWriter(claimed)


class DeletedWriter:
    """Returns the stored emails. The ``target_id`` of these messages is the id of the delivery itself."""

    def __init__(self, claimed):
        self.kept = CancellationNotice.objects.in_bulk([one.target_id for one in claimed])

    def write(self, claimed) -> EmailContent | None:
        """The email stored for one person; None where there is none."""
        kept = self.kept.get(claimed.target_id)
        return kept and EmailContent(kept.subject, kept.plain, kept.html, (CalendarFile(kept.calendar, "CANCEL"),))


DELETED = Deleted()

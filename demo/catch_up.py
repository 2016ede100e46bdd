"""All that is to be told by rules is planned as the full check would, when the demonstration is loaded.

What of it was due before counts as told, so that nothing is mailed for the past.
"""

from outbox.models import Message
from reminders.deliveries.ledger import EVER
from reminders.deliveries.targets import TARGETS
from reminders.models import TARGET_FIELDS, Delivery
from reminders.planning.database import run
from reminders.queries import Reason

State = Delivery.State


def catch_up(agreement, now, post):
    """Plan all of ``agreement``, and have the latest of what was due by ``now`` be sent, ``post`` after its time."""
    plan(agreement, now)
    # What was planned now may make something else of it needless.
    plan(agreement, now)
    told = set()
    due = Delivery.objects.of(agreement).filter(state=State.PLANNED, due_at__lte=now).select_related("person")
    for delivery in due.order_by("-due_at", "-pk"):
        thing = delivery.kind, delivery.person_id, *(getattr(delivery, f"{link}_id") for link in TARGET_FIELDS)
        settle(delivery, post, is_latest=thing not in told)
        told.add(thing)


def plan(agreement, now):
    """Bring the deliveries of all that is in ``agreement`` up to date, as if it had been there all the time."""
    for target in TARGETS.values():
        if "agreement" in target.concerned_by:
            ids = sorted(row[0] for row in run(target.concerned_by["agreement"], key=agreement.pk, now=now))
            target.plan(now, ids, [EVER] * len(ids))


def settle(delivery, post, *, is_latest):
    """Have one delivery be sent with its message, or be overtaken by a later one."""
    delivery.state_at = delivery.due_at + post
    delivery.state, delivery.reason = State.SKIPPED, Reason.OVERTAKEN
    if is_latest:
        delivery.state, delivery.reason = State.SENT, ""
        delivery.message = Message.objects.create(
            agreement_id=delivery.agreement_id,
            person=delivery.person,
            address=delivery.person.email,
            subject=f"{delivery.get_kind_display()}: {delivery.title}",
            state=Message.State.SENT,
            attempts=1,
            created_at=delivery.due_at,
            state_at=delivery.state_at,
        )
    delivery.save(update_fields=["state", "reason", "state_at", "message"])

"""Who gets the deliveries that have just been created, by the same checks as at the moment of sending."""

from engagements.presenters.email_notices import Email
from reminders.deliveries import batching
from reminders.deliveries.targets import TARGETS
from reminders.models import Delivery


def keys_of(deliveries):
    """The keys of deliveries that were created with ``ignore_conflicts``, which does not return them."""
    found = []
    for delivery in deliveries:
        same = {name: getattr(delivery, name) for name in ("engagement_id", "action_id", "kind", "occurrence")}
        found.append((tuple(same.items()), delivery.person_id))
    keys = []
    for same in dict.fromkeys(same for same, _ in found):
        people = [person for other, person in found if other == same]
        keys += Delivery.objects.filter(person__in=people, **dict(same)).values_list("pk", flat=True)
    return keys


def emails_in(keys, now):
    """An ``Email`` for each delivery with these keys that passes the checks made before sending."""
    rows = Delivery.objects.filter(pk__in=keys, state=Delivery.State.PLANNED).select_related("person")
    rows = {row.pk: row for row in rows}
    reasons = dict.fromkeys(rows, "")
    for name, target in TARGETS.items():
        mine = [key for key, row in rows.items() if (row.target or "gone") == name]
        reasons |= {key: reason for key, reason, _ in target.recheck(now, mine)} if mine else {}
    reasons = {row.key: reasons[row.key] or row.reason for row in batching.read(now, list(rows))}
    return [
        Email(row.person_id, row.person.name, row.kind, row.due_at) for key, row in rows.items() if not reasons[key]
    ]

"""Which parties are involved in a record, by its history, and so whether one of them may delete it alone.

A record that was logged by mistake may be deleted by the party that logged it, but only while no other party has edited
it or added anything to it. Each operation records in the history the parties that its user acted for.
"""

from django.utils.text import get_text_list

from partnership.models import Membership, Party
from records.history import verb_of


def why_not_deleted(row, by, *parts, also=(), but=(), noun):
    """Why the user ``by`` may not delete ``row``, in a sentence; "" where they may.

    ``parts`` are querysets of events of rows that belong to ``row``. ``also`` has the keys of parties that are involved
    in another way. Operations named in ``but`` involve nobody. ``noun`` is the word for the row.

    The system (``by`` is None) may delete any row. Any officer may delete a row that the system made, unless another
    party has worked on it. An administrator without a party may delete a row that involves only one party.
    """
    if by is None:
        return ""
    own = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    mine = set(Membership.objects.filter(agreement=row.agreement_id, user=by).values_list("party", flat=True)) - {None}
    logged = parties_acting(row.agreement_id, own.filter(pgh_label="insert"))
    involved = logged | parties_acting(row.agreement_id, own, *parts, but=but) | {*also} - {None}
    if mine and logged and not logged & mine:
        who = _names(logged)
        return f"You cannot delete this {noun}, because {who} logged it. Only {who} can delete it."
    others = involved - mine
    if others and (mine or len(others) > 1):
        return f"You cannot delete this {noun}, because {_names(others)} {_has(others)} worked on it."
    return ""


def parties_acting(agreement_id, *events, but=()):
    """The keys of the parties of the agreement that people acted for in these ``events`` (querysets of history).

    Events of the operations named in ``but`` are left out. An event that records a user but no parties counts for the
    parties that the user has a role for now.
    """
    known = set(Party.objects.filter(agreement=agreement_id).values_list("pk", flat=True))
    found, users = set(), set()
    for rows in events:
        for metadata in rows.order_by().values_list("pgh_context__metadata", flat=True).distinct():
            if not metadata or verb_of(metadata) in but:
                continue
            if "parties" in metadata:
                found |= set(metadata["parties"])
            elif "user" in metadata:
                users.add(metadata["user"])
    if users:
        roles = Membership.objects.filter(agreement=agreement_id, user__in=users)
        found |= set(roles.values_list("party", flat=True))
    return found & known


def _names(keys):
    names = [str(party) for party in Party.objects.filter(pk__in=keys).order_by("position", "short_name")]
    return get_text_list(names, "and")


def _has(keys):
    return "has" if len(keys) == 1 else "have"

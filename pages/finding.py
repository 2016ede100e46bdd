"""Finding the record that an address names."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from records.locks import DeletedMeanwhileError, lock_whole, locked


def find(request, rows, **key):
    """The row with this ``key`` of ``rows`` (a queryset), in the page's agreement and visible to the user; else 404.

    When a form is sent, the row is locked, after the row that it is a part of, so that the form is compared with the
    row that it replaces. Then DeletedMeanwhileError for a row that was deleted, if the user could have seen it.
    """
    rows = rows.visible_to(request.user).of(request.access.agreement)
    if request.method != "POST":
        return get_object_or_404(rows, **key)
    lock_whole(rows.filter(**key))
    row = locked(rows).filter(**key).first()
    if row is not None:
        return row
    if was_deleted(rows.model, request.access, key.get("pk")):
        raise DeletedMeanwhileError(rows.model._meta.verbose_name)
    raise Http404(f"No {rows.model._meta.verbose_name} is there.")


def was_deleted(model, access, pk):
    """Whether the history has the deletion of a row with this key, in the agreement of ``access`` and for its party."""
    if not hasattr(model, "pgh_event_model"):
        return False
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk, pgh_label="delete", agreement=access.agreement)
    if any(field.name == "party" for field in model._meta.fields):
        events = events.filter(Q(party=None) | Q(party=access.party))
    return events.exists()

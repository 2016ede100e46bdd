"""Changes at the same moment: one step from reading to saving, one order of locks, one retry (docs/decisions/0039).

Locks are taken in one order: a series before its dates, an engagement before what hangs on it, and reminders last. They
are FOR NO KEY UPDATE, with which others may still point at the row: a reminder that is planned waits for nobody.
"""

import logging
import re
from functools import wraps

from django.contrib.messages import get_messages
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from psycopg2 import errorcodes

logger = logging.getLogger(__name__)

NOT_TYPED = {
    *("csrfmiddlewaretoken", "seen", "shown", "revision", "opened_at", "since", "next", "occurrence", "draft"),
    *("kept_files", "email_asked_about", "notify", "notify_default", "update_meetings", "preview"),
}
NOT_TYPED_BEGINNINGS = ("initial-", "_")
NOT_TYPED_ENDINGS = (
    "_key",
    "-id",
    "-seen",
    "_FORMS",
    "-ORDER",
    "-DELETE",
    "_row",
    "_shown",
    "_doubt",
    "_choice",
    "_text",
)
"""The names of what forms send that nobody typed."""


class DeletedMeanwhileError(Exception):
    """A row was deleted between the moment when somebody opened it and the moment when they saved it."""

    def __init__(self, what="record"):
        self.what = what
        super().__init__(f"This {what} was deleted while you had it open.")


def locked(rows):
    """The rows of a queryset, locked until the transaction ends."""
    return rows.select_for_update(of=("self",), no_key=True)


def lock(model, pk):
    """The row with this key as it is stored, locked until the transaction ends. DeletedMeanwhileError without one."""
    row = locked(model._base_manager.filter(pk=pk)).first()
    if row is None:
        raise DeletedMeanwhileError(model._meta.verbose_name)
    return row


def found(request, rows, **key):
    """The one of ``rows`` in the agreement of the page that the user may see; 404 where there is none.

    In a form that is sent it is locked, so that what the form is compared with is what it is saved over. One that has
    been deleted is a DeletedMeanwhileError there, if the user could have seen it.
    """
    rows = rows.visible_to(request.user).of(request.access.agreement)
    if request.method != "POST":
        return get_object_or_404(rows, **key)
    row = locked(rows).filter(**key).first()
    if row is not None:
        return row
    if was_deleted(rows.model, request.access, key.get("pk")):
        raise DeletedMeanwhileError(rows.model._meta.verbose_name)
    raise Http404(f"No {rows.model._meta.verbose_name} is there.")


def was_deleted(model, access, pk):
    """Whether history has the deletion of a row with this key, of the agreement and for the party of ``access``."""
    if not hasattr(model, "pgh_event_model"):
        return False
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk, pgh_label="delete", agreement=access.agreement)
    if any(field.name == "party" for field in model._meta.fields):
        events = events.filter(Q(party=None) | Q(party=access.party))
    return events.exists()


def in_one_step(view):
    """Have ``view`` answer a form that is sent in one transaction, and once more after a deadlock or a conflict.

    A form that is sent twice at the same moment finds nothing there both times, and a unique constraint refuses the
    second: answered once more, it finds what the first has saved.

    What others did meanwhile is told in words: that something was deleted, or that they saved at the same moment.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            return _once_more(view, request, *args, **kwargs)
        except DeletedMeanwhileError as error:
            return overtaken(request, "deleted", error.what)
        except (IntegrityError, OperationalError) as error:
            why = {errorcodes.FOREIGN_KEY_VIOLATION: "deleted", errorcodes.UNIQUE_VIOLATION: "saved"}.get(_code(error))
            why = "saved" if _is_deadlock(error) else why
            if why is None:
                raise
            logger.warning("A form was overtaken by another.", exc_info=error)
            return overtaken(request, why)

    return answer


def overtaken(request, why, what="record"):
    """The page that says what others did meanwhile, with what was typed. ``why``: "deleted" or "saved"."""
    typed = [
        (_label(name), value)
        for name, values in request.POST.lists()
        if _is_typed(name)
        for value in values
        if value.strip()
    ]
    context = {"why": why, "what": what, "typed": typed}
    return render(request, "partnership/overtaken.html", context, status=409)


def _is_typed(name):
    return not (name in NOT_TYPED or name.startswith(NOT_TYPED_BEGINNINGS) or name.endswith(NOT_TYPED_ENDINGS))


def _label(name):
    """ "starts_on" is "Starts on", "actions-0-title" is "Actions 1 title"."""
    words = [str(int(word) + 1) if re.fullmatch("[0-9]{1,4}", word) else word for word in re.split("[-_]", name)]
    return " ".join(words).capitalize()


def _once_more(view, request, *args, **kwargs):
    said = getattr(get_messages(request), "_queued_messages", [])
    before = len(said)
    try:
        with transaction.atomic():
            return view(request, *args, **kwargs)
    except (IntegrityError, OperationalError) as error:
        if not (_is_deadlock(error) or _code(error) == errorcodes.UNIQUE_VIOLATION):
            raise
    del said[before:]
    for _, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    with transaction.atomic():
        return view(request, *args, **kwargs)


def _code(error):
    """PostgreSQL's code of a database error; "" without one."""
    return getattr(error.__cause__, "pgcode", None) or ""


def _is_deadlock(error):
    return _code(error) == errorcodes.DEADLOCK_DETECTED

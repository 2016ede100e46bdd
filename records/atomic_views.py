"""Views that answer a form in one transaction, with one retry after a conflict (docs/decisions/0039)."""

import logging
import re
from functools import wraps

from django.contrib.messages import get_messages
from django.db import IntegrityError, OperationalError, transaction
from django.shortcuts import render
from psycopg2 import errorcodes

from records.locks import DeletedMeanwhileError

logger = logging.getLogger(__name__)

NOT_TYPED = {
    *("csrfmiddlewaretoken", "seen", "shown", "revision", "opened_at", "since", "next", "version", "draft"),
    *("kept_files", "email_asked_about", "notify", "notify_default", "update_meetings", "preview"),
}
"""Names of the fields that a form sends although nobody typed them."""

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
"""How the names of other such fields begin or end."""


def in_one_step(view):
    """Run ``view`` in one transaction when a form is sent, and once more after a deadlock or a unique violation.

    Where a form is sent twice at the same moment, neither run finds the other's row, and a unique constraint refuses
    the second. Run again, it finds the row that the first saved.

    Where somebody else deleted the record, or saved at the same moment, the answer is a page that says so.
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
    """The page (status 409) that says somebody else "deleted" or "saved" meanwhile (``why``), with the typed values."""
    typed = [
        (_label(name), value)
        for name, values in request.POST.lists()
        if _is_typed(name)
        for value in values
        if value.strip()
    ]
    context = {"why": why, "what": what, "typed": typed}
    return render(request, "records/overtaken.html", context, status=409)


def _is_typed(name):
    return not (name in NOT_TYPED or name.startswith(NOT_TYPED_BEGINNINGS) or name.endswith(NOT_TYPED_ENDINGS))


def _label(name):
    """ "starts_on" is "Starts on", "actions-0-title" is "Actions 1 title"."""
    words = [str(int(word) + 1) if re.fullmatch("[0-9]{1,4}", word) else word for word in re.split("[-_]", name)]
    return " ".join(words).capitalize()


def _once_more(view, request, *args, **kwargs):
    queued = getattr(get_messages(request), "_queued_messages", [])
    before = len(queued)
    try:
        with transaction.atomic():
            return view(request, *args, **kwargs)
    except (IntegrityError, OperationalError) as error:
        if not (_is_deadlock(error) or _code(error) == errorcodes.UNIQUE_VIOLATION):
            raise
    del queued[before:]
    for _, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    with transaction.atomic():
        return view(request, *args, **kwargs)


def _code(error):
    """PostgreSQL's code of a database error, or ""."""
    return getattr(error.__cause__, "pgcode", None) or ""


def _is_deadlock(error):
    return _code(error) == errorcodes.DEADLOCK_DETECTED

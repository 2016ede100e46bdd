"""The same form sent twice at the same moment, by a double click or by two people: saved once, and no error page.

Each form looks whether what it makes is there already, and says so beside the field. Of two that look at the same
moment both find nothing; a unique constraint of the database then refuses the second. That one is answered once more,
and now finds what the first has saved.
"""

import logging

import psycopg2.errors
from django.db import IntegrityError
from django.shortcuts import render

logger = logging.getLogger(__name__)


class AnswerAgain:
    """Middleware that answers a form a second time after a unique constraint has refused what it makes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer as ever."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """The second answer. Whatever was saved for the first was undone, since each operation is a transaction."""
        if request.method != "POST" or not is_conflict(exception):
            return None
        for _, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        view, args, kwargs = request.resolver_match
        try:
            return view(request, *args, **kwargs)
        except IntegrityError as error:
            if not is_conflict(error):
                raise
            logger.warning("What %s saves is there already, and its form does not say so.", request.path)
            return render(request, "409.html", status=409)


def is_conflict(error):
    """Whether a unique constraint refused a row."""
    return isinstance(error, IntegrityError) and isinstance(error.__cause__, psycopg2.errors.UniqueViolation)

"""Middleware for a form that is sent twice at the same moment, by a double click or by two people.

A form checks whether the row that it would create exists already, and says so beside the field. Of two requests that
check at the same moment, neither finds anything, and a unique constraint of the database refuses the second. The
middleware then runs the view of the second request once more, and its form finds the row of the first.
"""

import logging

import psycopg2.errors
from django.db import IntegrityError
from django.shortcuts import render

logger = logging.getLogger(__name__)


class AnswerAgain:
    """Runs the view of a POST request a second time after a unique constraint has refused a row."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the second response, or None for another method or exception.

        The first attempt left nothing in the database, since each operation is a transaction. Where the second attempt
        is refused too, the response is ``409.html``, status 409.
        """
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
    """Whether ``error`` means that a unique constraint refused a row."""
    return isinstance(error, IntegrityError) and isinstance(error.__cause__, psycopg2.errors.UniqueViolation)

"""The handler of unexpected server errors."""

import sys

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from engagements.rules.files import is_disk_full


def server_error(request):
    """Render the page for an error on our side.

    It says so, with status 507, where the disk of the server or of the database is full.
    """
    if is_disk_full(sys.exc_info()[1]):
        return HttpResponse(render_to_string("507.html"), status=507)
    return defaults.server_error(request)

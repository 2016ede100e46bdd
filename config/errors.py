"""What people see when something went wrong that no form can say."""

import sys

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from engagements.rules.files import is_disk_full


def server_error(request):
    """The page of an error on our side; where the disk of the server or of the database is full, it says so."""
    if is_disk_full(sys.exc_info()[1]):
        return HttpResponse(render_to_string("507.html"), status=507)
    return defaults.server_error(request)

"""Conditional GET: a page that would look the same is not sent again (docs/decisions/0009).

A page depends on its address, its reader, the rows of the agreement, the date, and on which engagements have begun and
ended. Its entity tag covers all of these: the version of the agreement stands for its rows, and the tag holds the next
moment at which the page changes although nobody edits anything. A browser that sends the tag back before that moment
gets a 304, after only the queries of the gate.
"""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.http import condition

HTMX = ["HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request"]
CODE = {".py", ".html", ".txt", ".toml"}

_facts: list[Callable] = []


def pages_depend_on(function):
    """Make the tag of every conditional page depend on ``function(request, **kwargs)`` too. Returns the function.

    An app above uses it for what it shows on pages from rows that raise no version. ``kwargs`` are those of the view.
    """
    _facts.append(function)
    return function


def conditional(next_change):
    """Make a view conditional; it must be a page of an agreement (``agreement_page``).

    ``next_change(agreement, now)`` returns the next moment at which a page changes by itself.
    """

    def decorate(view):
        def etag(request, **kwargs):
            return _etag(request, kwargs, next_change)

        tagged = condition(etag_func=etag)(view)

        @wraps(view)
        def page(request, **kwargs):
            return tagged(request, **kwargs) if _can_be_tagged(request) else view(request, **kwargs)

        return page

    return decorate


def _can_be_tagged(request):
    """Whether the request only reads the page and no message waits to be shown once. Never with DEBUG."""
    return not settings.DEBUG and request.method in ("GET", "HEAD") and not len(get_messages(request))


def _etag(request, kwargs, next_change):
    """A weak tag: a hash of all that the page depends on except the time, and the moment until which it is valid.

    Returns the browser's own tag where that is still valid.
    """
    mark, now = _mark(request, kwargs), timezone.now()
    for given in parse_etags(request.headers.get("If-None-Match", "")):
        its_mark, _, until = given.removeprefix("W/").strip('"').partition("-")
        if its_mark == mark and until.isdecimal() and now.timestamp() < int(until):
            return given
    return f'W/"{mark}-{int(next_change(request.access.agreement, now).timestamp())}"'


def _mark(request, kwargs):
    user, access = request.user, request.access
    memberships = [
        (row.pk, row.role, row.party_id, row.agreement.slug, row.agreement.name) for row in user.request_memberships
    ]
    follows_from = [
        (release(), access.agreement.pk, access.version, timezone.localdate()),
        (user.pk, user.name, user.email, user.is_superuser, user.shortcuts, memberships),
        # The forms of the page hold a token made from this secret.
        (request.get_full_path(), request.META.get("CSRF_COOKIE"), [request.headers.get(name) for name in HTMX]),
        [fact(request, **kwargs) for fact in _facts],
    ]
    return sha256(repr(follows_from).encode()).hexdigest()[:32]


@cache
def release():
    """A hash of the names and times of the code and templates that make the pages: it changes with each release."""
    folders = [Path(config.path) for config in apps.get_app_configs()] + [settings.BASE_DIR / "templates"]
    ours = [folder for folder in folders if settings.BASE_DIR in folder.parents and ".venv" not in folder.parts]
    files = sorted(path for folder in ours for path in folder.rglob("*") if path.suffix in CODE)
    seen = [(str(path.relative_to(settings.BASE_DIR)), path.stat().st_mtime_ns) for path in files]
    return sha256(repr(seen).encode()).hexdigest()[:12]

"""Pages that are kept as they were last drawn, for as long as they would be drawn the same.

What a page shows follows from its address, from who looks, from the rows of the agreement, from the day, and from which
engagements have begun and ended. So it is kept under the version of the agreement (``records.versions``) with
all of these, and until the next engagement begins or ends or the day does: nobody is ever shown what is no longer so. A
page that shows more than that (what was sent, which is its own log) has a receiver of ``page_asked_for`` say what.

Each process keeps its own, in its memory: nothing of an agreement lies anywhere else, and a new release starts anew.
"""

import datetime as dt
import re
from functools import wraps
from hashlib import sha256
from typing import NamedTuple

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db.models import Min, Q
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from engagements.models import Engagement
from engagements.signals import page_asked_for
from records.compiled_queries import compiled

CSRF_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+')
HTMX = ["HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request"]
LONGEST_ADDRESS = 1000


class Kept(NamedTuple):
    """A page as it was drawn: its headers, and what stands between the places of the form token."""

    until: dt.datetime
    headers: dict
    parts: list[bytes]


def kept(view):
    """Make ``view``, a page of an agreement (``agreement_page``), one that is kept."""

    @wraps(view)
    def page(request, **kwargs):
        if not _can_be_kept(request):
            return view(request, **kwargs)
        key, now = _key(request, kwargs), timezone.now()
        found = caches["kept"].get(key)
        if found and now < found.until:
            token = get_token(request).encode()
            return HttpResponse(token.join(found.parts), headers=found.headers)
        response = view(request, **kwargs)
        if response.status_code == 200:
            until = _next_turn(request.access.agreement, now)
            parts = CSRF_TOKEN.split(response.content)
            caches["kept"].set(key, Kept(until, dict(response.items()), parts), (until - now).total_seconds())
        return response

    return page


def _can_be_kept(request):
    """Whether it is looked at, by an address that no stranger has blown up, with nothing to be said only once.

    While the site is being built (DEBUG) nothing is.
    """
    keeps = not isinstance(caches["kept"], DummyCache)
    is_short = len(request.get_full_path()) <= LONGEST_ADDRESS
    return keeps and is_short and request.method == "GET" and not len(get_messages(request))


def _key(request, kwargs):
    """All that the page follows from, but for the time of day."""
    user, access = request.user, request.access
    memberships = [
        (row.pk, row.role, row.party_id, row.agreement.slug, row.agreement.name) for row in user.request_memberships
    ]
    more = [said for _, said in page_asked_for.send(None, request=request, **kwargs)]
    return sha256(
        repr(
            [
                (access.agreement.pk, access.version, timezone.localdate()),
                (user.pk, user.name, user.email, user.is_superuser, user.shortcuts, memberships),
                (request.get_full_path(), [request.headers.get(name) for name in HTMX]),
                more,
            ]
        ).encode()
    ).hexdigest()


def _next_turn(agreement, now):
    """When the page would look different though nobody changed anything: an engagement begins or ends, or the day."""
    turns = [day for row in _turns(agreement, now) for day in (row["ends"], row["begins"])]
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    return min([tomorrow, *filter(None, turns)])


@compiled
def _turns(agreement, now):
    rows = Engagement.objects.of(agreement).filter(status__in=["planned", "confirmed"], ends_at__gt=now)
    begins = Min("starts_at", filter=Q(starts_at__gt=now))
    return rows.order_by().values("agreement").annotate(ends=Min("ends_at"), begins=begins)

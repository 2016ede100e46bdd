"""How the pages of this room find what their address names, and the way back."""

from functools import partial
from urllib.parse import urlsplit, urlunsplit

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from engagements.actions.locking import lock_engagement
from engagements.models import Action, Committee, Document, Engagement, Note, Seat
from pages.finding import found
from records.locks import lock

WHOLES = dict.fromkeys((Action, Document, Note), ("engagement", lock_engagement))
WHOLES[Seat] = ("committee", partial(lock, Committee))
"""{what has a form of its own: (the field of what it hangs on, what locks that)}."""


def find(request, rows, **key):
    """The one of ``rows`` (a queryset) in this agreement that the user may see; see ``found``.

    In a form that is sent, the engagement or the committee that it hangs on is locked before it.
    """
    if request.method == "POST" and rows.model in WHOLES:
        name, lock_whole = WHOLES[rows.model]
        whole = rows.visible_to(request.user).filter(**key).values_list(name, flat=True).first()
        if whole:
            lock_whole(whole)
    return found(request, rows, **key)


def find_engagement(request, pk):
    """The engagement with this key; 404 where the user may not see it, as if it did not exist.

    In a form that is sent, its series is locked before it.
    """
    rows = Engagement.objects.select_related("agreement")
    if request.method == "POST" and rows.visible_to(request.user).filter(pk=pk).exists():
        lock_engagement(pk)
    return found(request, rows, pk=pk)


def sent(request):
    """What a form sent, or None where the page is only looked at. A form may be sent with nothing in it."""
    return request.POST if request.method == "POST" else None


def way_back(request, otherwise):
    """The page that a form came from (its ``next``), if it is one of this site; else the address ``otherwise``."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else otherwise


def with_query(url, fragment="", **changes):
    """``url`` with ``changes`` in its query (None takes one out), at ``fragment``; without scheme and host."""
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return urlunsplit(("", "", parts.path, query.urlencode(), fragment))

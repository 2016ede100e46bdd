"""The data of a request, and the page to return to."""

from urllib.parse import urlsplit, urlunsplit

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def sent(request):
    """The data of a form that was sent, which may be empty; None where the page is only viewed."""
    return request.POST if request.method == "POST" else None


def way_back(request, otherwise):
    """The page that a form came from (its ``next``), if it is one of this site; else the address ``otherwise``."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else otherwise


def with_query(url, fragment="", **changes):
    """``url`` with ``changes`` in its query (None removes a parameter), at ``fragment``; without scheme and host."""
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return urlunsplit(("", "", parts.path, query.urlencode(), fragment))

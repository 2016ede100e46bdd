"""Tags for elements that recur on pages.

``element`` renders a small piece of a page that depends only on its parameters, and caches it.

    {% element "chip" state="warn" word=word %}

renders ``templates/elements/chip.html``. Where a page has a piece for each row, that takes a tenth of the time of an
``include``. It is never stale: the cache key holds all parameters, and the template sees nothing else of the page.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template

from pages.navigation import places_in

register = template.Library()

MOST_REMEMBERED = 4096


@register.simple_tag(takes_context=True)
def places(context, where):
    """The places in "bar", "phone", "more" or "menu" for the reader's role; see ``pages.navigation``."""
    access = context["access"]
    return places_in(where, access.role, access.agreement.slug)


@register.simple_tag
def element(piece, **given):
    """Render ``templates/elements/<piece>.html`` with ``given``: texts, integers, booleans, None; else TypeError."""
    for key, value in given.items():
        if not isinstance(value, str | int | None):
            raise TypeError(f"{key} of the element {piece} is a {type(value).__name__}, which may change unseen.")
    # A text that is marked as safe equals the same text without the mark, so the types are part of the key.
    drawn = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return drawn(piece, tuple((key, value, type(value)) for key, value in given.items()))


@lru_cache(MOST_REMEMBERED)
def _drawn(piece, given):
    return get_template(f"elements/{piece}.html").render({key: value for key, value, _ in given})

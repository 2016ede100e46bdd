"""Tags for what stands on pages again and again.

``element`` is a small piece of a page that depends on its parameters alone, drawn once and remembered.

    {% element "chip" state="warn" word=word %}

draws ``templates/elements/chip.html``. Where a page has a piece for each row, that is a tenth of the work of an
``include``. It can never be stale: what was drawn is kept under all that it was drawn from, and nothing else of the
page is at hand in the template.
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
    """The places of "bar", "phone", "more" or "menu" that the reader has here; see ``pages.navigation``."""
    access = context["access"]
    return places_in(where, access.role, access.agreement.slug)


@register.simple_tag
def element(piece, **given):
    """Draw ``templates/elements/<piece>.html`` from ``given``: texts, numbers, truths; TypeError for anything else."""
    for key, value in given.items():
        if not isinstance(value, str | int | None):
            raise TypeError(f"{key} of the element {piece} is a {type(value).__name__}, which may change unseen.")
    # A text that is marked as safe equals the same text that is not, so the types are part of the key.
    drawn = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return drawn(piece, tuple((key, value, type(value)) for key, value in given.items()))


@lru_cache(MOST_REMEMBERED)
def _drawn(piece, given):
    return get_template(f"elements/{piece}.html").render({key: value for key, value, _ in given})

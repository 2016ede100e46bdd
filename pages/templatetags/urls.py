"""Django's ``url`` tag, with a cache of the addresses that it finds.

Finding an address takes a tenth of the time of a row in a list, and a page has up to two hundred of them.
"""

from functools import lru_cache

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape

register = template.Library()

MOST_REMEMBERED = 4096


class RememberingURLNode(URLNode):
    """As Django's, with the same errors. Addresses with keyword arguments are not cached."""

    def render(self, context):
        """The address; "" where the tag puts it into a variable."""
        if self.kwargs:
            return super().render(context)
        args = tuple(arg.resolve(context) for arg in self.args)
        try:
            url = address_of(self.view_name.resolve(context), args, tuple(map(type, args)), _current_app(context))
        except NoReverseMatch:
            if self.asvar is None:
                raise
            url = ""
        if self.asvar:
            context[self.asvar] = url
            return ""
        return conditional_escape(url) if context.autoescape else url


@lru_cache(MOST_REMEMBERED)
def address_of(name, args, types, current_app):
    """The address of the page called ``name``; the ``types`` of ``args`` are part of the key, since 1 equals True."""
    return reverse(name, args=args, current_app=current_app)


def _current_app(context):
    request = getattr(context, "request", None)
    try:
        return request.current_app
    except AttributeError:
        return getattr(getattr(request, "resolver_match", None), "namespace", None)


@register.tag
def url(parser, token):
    """See ``django.template.defaulttags.url``."""
    node = parse(parser, token)
    return RememberingURLNode(node.view_name, node.args, node.kwargs, node.asvar)

"""How templates say when an engagement is, where it stands, and when an action is due."""

from django import template
from django.utils import timezone

from engagements.rules import words
from pages.templatetags.elements import element
from pages.words import ordinal

register = template.Library()

register.filter("when_and_where", words.when_and_where)
register.filter("ordinal", ordinal)
register.filter("when", words.when)
register.filter("when_anywhere", words.when_anywhere)


@register.filter
def where(engagement):
    """Where it is, as the beginning of a line: "Online", the venue."""
    place = words.place_in_words(engagement)
    return place[:1].upper() + place[1:]


@register.simple_tag
def engagement_chip(engagement):
    """Where the engagement is on its way, as a chip."""
    state, word = words.state_of(engagement)
    return element("chip", state=state, word=word)


@register.simple_tag
def due_chip(action):
    """When the action is due, how late it is, or when it was done, as a chip."""
    state, word = words.due_of(action, timezone.localdate())
    return element("chip", state=state, word=word)

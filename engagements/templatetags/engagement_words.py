"""Template filters and tags for the time, place and status of engagements, and for the due dates of actions."""

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
    """The place with a capital letter, to begin a line: "Online", the venue."""
    place = words.place_in_words(engagement)
    return place[:1].upper() + place[1:]


@register.simple_tag
def engagement_chip(engagement):
    """The status of the engagement, as a chip."""
    state, word = words.state_of(engagement)
    return element("chip", state=state, word=word)


@register.simple_tag
def due_chip(action):
    """A chip that says when the action is due, how late it is, or when it was done."""
    state, word = words.due_of(action, timezone.localdate())
    return element("chip", state=state, word=word)

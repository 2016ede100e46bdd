"""Template filters and tags for the rows of the list of engagements."""

from django import template
from django.utils import timezone

from engagements.presenters import list_labels
from engagements.rules import words
from pages.templatetags.elements import element

register = template.Library()

register.filter("came_in_words", list_labels.came_in_words)
register.filter("place_in_words", words.place_in_words)
register.filter("time_on_day", words.time_on_day)
register.filter("times_in_words", words.times_in_words)


@register.filter
def days_of_row(engagement):
    return list_labels.days_of_row(engagement, timezone.localdate())


@register.simple_tag
def record_chip(engagement):
    """The status, or that the record is incomplete, as a chip."""
    state, word = list_labels.record_state(engagement)
    return element("chip", state=state, word=word)

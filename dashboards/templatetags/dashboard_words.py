"""Template filters for the functions of dashboards/words.py."""

from django import template

from dashboards import words

register = template.Library()

SAY = (
    words.how_it_is_held,
    words.missing_after,
    words.missing_before,
    words.papers_due,
    words.replies,
    words.what_it_was,
)
for say in SAY:
    register.filter(say.__name__, say)

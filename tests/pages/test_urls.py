"""The ``url`` tag says what Django's does, and asks the resolver once."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch

from pages.templatetags import urls

PAGE = "{% url 'engagements:record' slug pk %}"


def drawn(text, **context):
    return Template(text).render(Context(context))


def test_it_gives_the_address_and_remembers_it():
    urls.address_of.cache_clear()
    assert [drawn(PAGE, slug="a", pk=number) for number in (5, 6, 5)] == [
        f"/agreements/a/engagements/{number}/" for number in (5, 6, 5)
    ]
    assert (urls.address_of.cache_info().misses, urls.address_of.cache_info().hits) == (2, 1)


def test_what_is_equal_and_written_differently_has_addresses_of_its_own():
    page = "{% url 'dashboards:workstream' slug name %}"
    assert [drawn(page, slug="a", name=name) for name in (1, True)] == [
        "/agreements/a/workstreams/1/",
        "/agreements/a/workstreams/True/",
    ]


def test_an_address_that_there_is_not_is_an_error_and_into_a_variable_nothing():
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'engagements:record' slug %}", slug="a")
    assert drawn("{% url 'engagements:record' slug as there %}[{{ there }}]", slug="a") == "[]"
    assert drawn(f"{PAGE[:-3]} as there %}}[{{{{ there }}}}]", slug="a", pk=5) == "[/agreements/a/engagements/5/]"


def test_arguments_by_name_and_signs_of_html_are_as_djangos():
    assert drawn("{% url 'choices' whose=key %}", key="a&b") == "/choices/a&amp;b/"
    assert drawn("{% url 'choices' key %}", key="a&b") == "/choices/a&amp;b/"
    assert drawn("{% autoescape off %}{% url 'choices' key %}{% endautoescape %}", key="a&b") == "/choices/a&b/"

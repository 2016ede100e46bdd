"""Small pieces of pages are drawn once, and stay what they would be if drawn each time."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from engagements.models import Engagement


def drawn(word):
    return Template('{% element "chip" state="warn" word=word %}').render(Context({"word": word, "state": "bad"}))


def test_a_piece_is_what_an_include_would_draw():
    included = Template('{% include "elements/chip.html" with state="warn" only %}').render(Context({"word": "Late"}))
    assert drawn("Late") == included.replace("</svg>", "</svg>Late")


def test_a_text_is_escaped_though_the_same_text_was_drawn_as_safe():
    assert "<b>Late</b>" in drawn(mark_safe("<b>Late</b>"))
    assert "&lt;b&gt;Late&lt;/b&gt;" in drawn("<b>Late</b>")


def test_a_number_is_not_taken_for_the_truth_that_equals_it():
    assert "True" in drawn(True)
    assert "True" not in drawn(1)


def test_a_record_is_refused_since_it_may_change_unseen():
    with pytest.raises(TypeError, match="word of the element chip is a Engagement"):
        drawn(Engagement())

"""What the page about reminders must not forget."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from reminders.presenters.labels import CHIPS
from reminders.queries import Reason

PAGE = Path(settings.BASE_DIR, "docs/reminders.md").read_text()
EXPLAINED = [words.strip() for row in re.findall(r"(?m)^\| ([^|]+) \|", PAGE) for words in row.split(";")]
"""What stands in the first column of its tables."""


@pytest.mark.parametrize("words", [*Reason, *(word for _, word in CHIPS.values()), "To be tried again"])
def test_each_reason_and_each_state_has_a_row(words):
    assert any(re.match(rf"{re.escape(words)}\b", explained) for explained in EXPLAINED)

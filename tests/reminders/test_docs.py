"""What the page about reminders must not forget."""

from pathlib import Path

import pytest
from django.conf import settings

from reminders.queries import Reason
from reminders.words import CHIPS

PAGE = Path(settings.BASE_DIR, "docs/reminders.md").read_text()


@pytest.mark.parametrize("words", [*Reason, *(word for _, word in CHIPS.values()), "To be tried again"])
def test_each_reason_and_each_state_is_explained(words):
    assert words in PAGE

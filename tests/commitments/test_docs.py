"""What people can read of the rule is what the rule does."""

from pathlib import Path

import pytest
from django.conf import settings

from commitments.rules.rhythm import NOTICE, SOON, State

PAGES = ["docs/rhythm.md", "commitments/templates/commitments/rules.html"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_names_every_state_and_the_days_that_the_rule_uses(page):
    text = Path(settings.BASE_DIR, page).read_text()
    assert [state for state in State if state.capitalize() not in text] == []
    assert f"fewer than {NOTICE} days" in text
    assert f"{SOON} days or fewer" in text

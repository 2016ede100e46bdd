"""The agreement's page, home, the statements and Django admin in a real browser."""

import pytest

from tests.browser import axe_findings, enter
from tests.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


ADMIN_PAGES = (
    "",
    "accounts/user/add/",
    "commitments/commitment/add/",
    "partnership/agreement/",
    "partnership/agreement/add/",
    "partnership/membership/add/",
    "workstreams/workstream/",
)


def test_each_page_is_clean_for_assistive_technology(cast, live_server, page, problems):
    enter(page, live_server, cast.administrator)
    for where in ("/agreements/lga-techuk/about/", "/?all", "/accessibility/", "/privacy/"):
        page.goto(live_server.url + where)
        assert axe_findings(page) == [], where
    assert problems == []


def test_django_admin_keeps_the_strict_security_policy(cast, live_server, page, problems):
    enter(page, live_server, cast.administrator)
    for where in ADMIN_PAGES:
        policy = page.goto(f"{live_server.url}/admin/{where}").headers["content-security-policy"]
        assert "default-src 'self'" in policy, where
        assert "unsafe" not in policy, where
    assert problems == []


def test_the_pickers_of_admin_work_under_the_policy(cast, live_server, page, problems):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis")
    enter(page, live_server, cast.administrator)
    page.goto(f"{live_server.url}/admin/workstreams/workstream/{cast.workstream.pk}/change/")
    page.locator("#leads-0 .field-person .select2-selection").click()
    page.locator(".select2-search__field").fill("morag")
    page.get_by_role("option", name="Morag Lewis").click()
    assert page.locator("#leads-0 .field-person .select2-selection__rendered").inner_text().endswith("Morag Lewis")
    assert problems == []

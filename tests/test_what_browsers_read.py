"""What browsers, search engines and checkers read beside the words of a page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import EngagementFactory

TEMPLATES = [
    path
    for path in Path(settings.BASE_DIR).glob("**/templates/**/*.html")
    if not {"node_modules", ".venv", "var"} & set(path.parts)
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/privacy/", "/health/live", "/nothing/here/"])
def test_every_answer_says_what_it_needs_and_who_may_embed_it(client, address):
    response = client.get(address)
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_search_engines_are_asked_to_stay_away(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_attributes_of_htmx_are_valid_html(path):
    assert re.findall(r"(?<![\w-])hx-[a-z-]+=", path.read_text()) == []


def test_instants_of_a_page_have_no_microseconds(cast, sign_in):
    engagement = EngagementFactory(agreement=cast.agreement)
    page = sign_in(cast.officer).get(reverse("engagements:history", args=[cast.agreement.slug, engagement.pk]))
    instants = re.findall(r'datetime="(\d{4}-\d\d-\d\dT[^"]*)"', page.content.decode())
    assert instants
    assert [instant for instant in instants if not re.fullmatch(r"[\d-]+T\d\d:\d\d:\d\d[+-]\d{4}", instant)] == []

"""What browsers, search engines and checkers read beside the words of a page."""

import datetime as dt
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


@pytest.mark.parametrize("moment", ["2026-12-01T09:00:00", "2027-10-31T00:30:00", "2027-10-31T01:30:00"])
def test_instants_of_a_page_are_exact_also_while_the_clocks_go_back(moment, cast, sign_in, time_machine):
    time_machine.move_to(dt.datetime.fromisoformat(f"{moment}+00:00"), tick=False)
    engagement = EngagementFactory(agreement=cast.agreement)
    event = engagement.pgh_event_model.objects.filter(pgh_obj=engagement)
    event.update(pgh_created_at=dt.datetime.fromisoformat(f"{moment}.123456+00:00"))
    page = sign_in(cast.officer).get(reverse("engagements:history", args=[cast.agreement.slug, engagement.pk]))
    instants = re.findall(r'datetime="(\d{4}-\d\d-\d\dT[^"]*)"', page.content.decode())
    assert instants
    assert set(instants) == {f"{moment}Z"}

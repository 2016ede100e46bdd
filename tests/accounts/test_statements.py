"""The statements on accessibility and privacy: the form that the regulations set, and who is named in them."""

import re

import pytest

HEADINGS = [
    "Accessibility statement for Concord",
    "How accessible this website is",
    "Feedback and contact information",
    "Reporting accessibility problems with this website",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that is not within the scope of the accessibility regulations",
    "What we are doing to improve accessibility",
    "Preparation of this accessibility statement",
]
"""Those of the model statement, in its order."""


def test_the_accessibility_statement_has_the_headings_of_the_model(client):
    page = client.get("/accessibility/").content.decode()
    assert re.findall(r"<h[123]>([^<]+)</h[123]>", page) == HEADINGS


@pytest.mark.parametrize(
    ("nation", "body"),
    [
        ("England", "Equality and Human Rights Commission"),
        ("Northern Ireland", "Equality Commission for Northern Ireland"),
    ],
)
def test_it_names_who_enforces_the_regulations_there(client, settings, nation, body):
    settings.NATION = nation
    assert body in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/"])
def test_both_name_who_runs_the_site_and_where_to_write(client, settings, path):
    settings.OPERATOR, settings.CONTACT_EMAIL = "Northshire Council", "help@north.example"
    page = client.get(path).content.decode()
    assert "run by Northshire Council." in page
    assert "mailto:help@north.example" in page


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/", "/keyboard/"])
def test_every_page_leads_there(client, path):
    assert f'href="{path}"' in client.get("/accounts/login/").content.decode()

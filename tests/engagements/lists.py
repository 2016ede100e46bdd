"""Asking for the list of engagements."""

import re

from django.urls import reverse


def list_page(cast, query="", name="list", agreement=None):
    """The address of the list, or of one of its files."""
    slug = (agreement or cast.agreement).slug
    name, *ending = ("export", "csv") if name == "export_csv" else (name,)
    return f"{reverse(f'engagements:{name}', args=[slug, *ending])}{'?' * bool(query)}{query}"


def shown(response):
    """The titles on the page, in order."""
    assert response.status_code == 200
    return [engagement.title for engagement in response.context["page"]]


def problems(response):
    """The sentences above the list."""
    return response.context["problems"]


def figures(response):
    """What the list says about itself, as plain text: "42 of 61, this agreement year"."""
    line = re.search(r'<span id="figures">(.*?)</span>\s*</div>', response.content.decode(), re.DOTALL).group(1)
    return " ".join(re.sub(r"<.*?>", "", line).split())

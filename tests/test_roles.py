"""Every address of the project, as everybody: a table of what each may do.

A new address fails here until somebody says who may open it.
"""

import pytest
from django.urls import reverse

from tests.addresses import (
    ADMIN_NAMES,
    ADMINISTRATOR,
    OUR_NAMES,
    OUTSIDER,
    PAGES,
    SIGNED_OUT,
    address,
)


def opens(response):
    """Whether the answer is the page or what the verb leads to, rather than a refusal."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    return response.status_code < 400 and not to_sign_in


def refusal(role, name):
    """The status that says no: sign in first; no such page; not for your role."""
    if name in ("metrics", "mail_events"):
        return 404  # it is not there at all unless a token or a provider is set
    if role == SIGNED_OUT:
        return 302
    return 404 if role == OUTSIDER else 403


def test_the_table_has_every_address():
    assert sorted(PAGES) == OUR_NAMES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_address_opens_to_those_who_may_and_to_nobody_else(name, everybody, arguments, client):
    method, allowed = PAGES[name]
    path = address(name, arguments)
    found = {}
    for role, user in everybody.items():
        client.logout()
        if user:
            client.force_login(user)
        response = getattr(client, method)(path)
        if response.streaming:
            list(response)
        found[role] = True if opens(response) or response.status_code in (400, 503) else response.status_code
    assert found == {role: True if role in allowed else refusal(role, name) for role in everybody}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_pages_of_an_agreement_are_looked_at_or_sent_a_form_and_nothing_else(method, cast, sign_in):
    page = reverse("engagements:list", args=[cast.agreement.slug])
    assert getattr(sign_in(cast.lead), method)(page).status_code == 405


def test_django_admin_is_for_administrators(everybody, arguments, client):
    for role, user in everybody.items():
        client.logout()
        if user:
            client.force_login(user)
        for name in ADMIN_NAMES:
            if "<" in name or name in ("admin:login", "admin:logout", "admin:jsi18n"):
                continue
            try:
                path = address(name, arguments)
            except KeyError:
                continue
            response = client.get(path, follow=role not in (SIGNED_OUT, ADMINISTRATOR))
            if role == ADMINISTRATOR:
                assert response.status_code in (200, 302, 400, 403, 404), (name, response.status_code)
            elif role == SIGNED_OUT:
                assert response["Location"].startswith("/admin/login/"), name
            else:
                assert response.status_code == 403, (role, name)

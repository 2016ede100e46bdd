"""Every address of the project, as everybody: a table of what each may do.

A new address fails here until somebody says who may open it.
"""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from tests.addresses import (
    ADMINISTRATOR,
    OUR_NAMES,
    OUTSIDER,
    PAGES,
    SIGNED_OUT,
    address,
)

NOT_READY = "health_ready", 503
"""The page is open to everybody, and says that no scheduler runs beside the tests."""

MADE_ELSEWHERE = {
    "commitments.commitmentstatus",
    "engagements.document",
    "engagements.feed",
    "engagements.note",
    "engagements.series",
    "outbox.badaddress",
    "reminders.delivery",
    "outbox.heartbeat",
    "outbox.message",
    "outbox.quota",
    "outbox.queuedemail",
    "outbox.receipt",
    "outbox.tally",
    "reminders.replanrequest",
}
"""What nobody adds in admin."""
NOT_DELETED = MADE_ELSEWHERE - {"engagements.series"} | {"partnership.agreement"}
KEPT = {"accounts.user", "contacts.organisation", "contacts.person"}
"""What others need here: the account and the person of somebody with a role, the organisation of a party."""
NO_HISTORY = {"engagements.document", "engagements.note"}


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
        found[role] = True if opens(response) or (name, response.status_code) == NOT_READY else response.status_code
    assert found == {role: True if role in allowed else refusal(role, name) for role in everybody}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_pages_of_an_agreement_are_looked_at_or_sent_a_form_and_nothing_else(method, cast, sign_in):
    page = reverse("engagements:list", args=[cast.agreement.slug])
    assert getattr(sign_in(cast.lead), method)(page).status_code == 405


@pytest.fixture
def admin_paths(arguments):
    """{path of a page of admin: the status that an administrator gets}, with a row of each model that has one."""
    paths = {reverse("admin:index"): 200, reverse("admin:password_change"): 200}
    for model in site._registry:
        label, row = model._meta.label_lower, model._default_manager.first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths[reverse(f"{name}_changelist")] = 200
        paths[reverse(f"{name}_add")] = 403 if label in MADE_ELSEWHERE else 200
        if row:
            paths[reverse(f"{name}_change", args=[row.pk])] = 200
            paths[reverse(f"{name}_history", args=[row.pk])] = 403 if label in NO_HISTORY else 200
            paths[reverse(f"{name}_delete", args=[row.pk])] = 403 if label in NOT_DELETED | KEPT else 200
    return paths


def test_django_admin_opens_to_administrators(cast, admin_paths, sign_in):
    client = sign_in(cast.administrator)
    assert {path: client.get(path).status_code for path in admin_paths} == admin_paths


def test_django_admin_is_for_administrators_alone(everybody, admin_paths, client):
    for role in everybody.keys() - {SIGNED_OUT, ADMINISTRATOR}:
        client.force_login(everybody[role])
        assert {path: client.get(path, follow=True).status_code for path in admin_paths} == dict.fromkeys(
            admin_paths, 403
        ), role
    client.logout()
    for path in admin_paths:
        assert client.get(path)["Location"].startswith("/admin/login/"), path

"""The first use of an empty site, as docs/first-use.md walks through it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partnership.models import Agreement
from tests.emails import emails

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough secret"
AGREEMENT = {
    "name": "North and South",
    "slug": "north-and-south",
    "status": "in_force",
    "dates-TOTAL_FORMS": "1",
    "dates-INITIAL_FORMS": "0",
    "dates-0-kind": "effective",
    "dates-0-on": "2026-09-01",
    "dates-0-certainty": "stated",
    "parties-TOTAL_FORMS": "2",
    "parties-INITIAL_FORMS": "0",
    "parties-0-name": "North Council",
    "parties-0-short_name": "North",
    "parties-0-position": "0",
    "parties-1-name": "South Council",
    "parties-1-short_name": "South",
    "parties-1-position": "1",
}
WORKSTREAM = {
    "name": "Roads",
    "slug": "roads",
    "colour": "teal",
    "position": "0",
    "leads-TOTAL_FORMS": "0",
    "leads-INITIAL_FORMS": "0",
}


def signed_in(email, password=PASSWORD):
    """A browser in which somebody signed in on the sign-in page, and the page where they landed."""
    browser = Client()
    landed = browser.post(reverse("account_login"), {"login": email, "password": password}, follow=True)
    return browser, landed


@pytest.fixture
def administrator(monkeypatch):
    """The browser of the administrator whom the command line made."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="admin@north.example", interactive=False, verbosity=0)
    return signed_in("admin@north.example")[0]


@pytest.fixture
def agreement(administrator):
    """The agreement, as it was added in admin."""
    administrator.post(reverse("admin:partnership_agreement_add"), AGREEMENT)
    return Agreement.objects.get()


def invite(administrator, agreement, **fields):
    sent = {"agreement": agreement.pk, "email": "nia@north.example", "name": "Nia", "role": "lead"} | fields
    administrator.post(
        reverse("admin:partnership_membership_add"), {"party": agreement.parties.get(short_name="North").pk} | sent
    )


def choose_password(message):
    """Follow the link of an invitation and choose a password."""
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", message.body).group(1)
    browser = Client()
    form = browser.get(link, follow=True)
    return browser.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}, follow=True)


def test_an_empty_site_tells_its_administrator_what_to_do_first(administrator):
    page = administrator.get(reverse("home")).content.decode()
    assert "No agreement yet" in page
    assert reverse("admin:partnership_agreement_add") in page


def test_with_the_first_agreement_the_administrator_lands_on_its_dashboard(administrator, agreement):
    assert administrator.get(reverse("home")).url == reverse("dashboards:dashboard", args=[agreement.slug])


def test_pages_of_an_agreement_without_workstreams_open_and_the_first_is_added(administrator, agreement):
    assert administrator.get(reverse("dashboards:workstreams", args=[agreement.slug])).status_code == 200
    administrator.post(reverse("admin:workstreams_workstream_add"), WORKSTREAM | {"agreement": agreement.pk})
    page = administrator.get(reverse("dashboards:workstreams", args=[agreement.slug])).content.decode()
    assert "Roads" in page


def test_somebody_invited_chooses_a_password_signs_in_and_lands_on_the_agreement(administrator, agreement):
    invite(administrator, agreement)
    assert "Your password is saved" in choose_password(emails()[0]).content.decode()
    _, landed = signed_in("nia@north.example")
    assert landed.redirect_chain[-1][0] == reverse("dashboards:dashboard", args=[agreement.slug])


def test_the_mail_says_who_invites_to_what_and_what_concord_is(administrator, agreement):
    invite(administrator, agreement)
    for body in (emails()[0].body, emails()[0].html):
        assert "admin@north.example has given you a place in North and South in Concord, as lead for North." in body
        assert "Concord is where the parties to the agreement keep one record" in body


@pytest.mark.parametrize(
    ("role", "first", "not_for_them"),
    [
        ("viewer", "dashboards:dashboard", "engagements:quick_log"),
        ("editor", "engagements:quick_log", "commitments:list"),
        ("lead", "commitments:list", "admin:partnership_membership_changelist"),
    ],
)
def test_with_the_password_one_is_in_and_told_what_to_do_first(administrator, agreement, role, first, not_for_them):
    invite(administrator, agreement, role=role)
    landed = choose_password(emails()[0])
    assert landed.redirect_chain[-1][0] == f"{reverse('home')}?welcome"
    page = landed.content.decode()
    assert "Welcome to Concord" in page
    link = 'href="{}"'
    assert link.format(reverse(first, args=[agreement.slug])) in page
    other = reverse(not_for_them, args=[] if not_for_them.startswith("admin") else [agreement.slug])
    assert link.format(other) not in page
    assert landed.client.get(reverse(first, args=[agreement.slug])).status_code == 200


def test_a_new_administrator_chooses_a_password_and_is_told_to_add_the_agreement(administrator):
    sent = {"email": "abe@north.example", "name": "Abe", "is_active": "on", "is_superuser": "on"}
    administrator.post(reverse("admin:accounts_user_add"), sent)
    page = choose_password(emails()[0]).content.decode()
    assert "No agreement yet" in page
    assert reverse("admin:partnership_agreement_add") in page


def test_the_link_of_an_invitation_works_once(administrator, agreement):
    invite(administrator, agreement)
    choose_password(emails()[0])
    link = re.search(r"/accounts/password/reset/key/\S+", emails()[0].body).group()
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_empty_pages_tell_a_lead_what_to_do_first(administrator, agreement):
    invite(administrator, agreement)
    browser = Client()
    nia = get_user_model().objects.get(email="nia@north.example")
    nia.confirm_email()
    browser.force_login(nia)
    for name, words in (
        ("commitments:list", "Add the first thing that the agreement promises"),
        ("dashboards:about", "North Council"),
        ("engagements:list", "og"),
    ):
        assert words in browser.get(reverse(name, args=[agreement.slug])).content.decode()


def test_a_user_without_any_agreement_is_told_whom_to_ask(administrator):
    get_user_model().objects.create_user("lost@north.example", PASSWORD).confirm_email()
    _, landed = signed_in("lost@north.example")
    assert "You have no place in an agreement yet" in landed.content.decode()
    assert reverse("admin:partnership_agreement_add") not in landed.content.decode()

"""Signing in: how wrong passwords are counted, and where the links in emails lead."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from config.proxies import trusted_networks
from tests.emails import emails
from tests.factories import PASSWORD

STRANGER, OFFICE = "198.51.100.7", "203.0.113.9"


def sign_in(email, password, address=OFFICE, **headers):
    """Whether somebody at ``address`` gets in."""
    browser = Client()
    sent = {"login": email, "password": password}
    browser.post(reverse("account_login"), sent, **{"REMOTE_ADDR": address, **headers})
    return "_auth_user_id" in browser.session


@pytest.mark.parametrize("proxy", [None, "127.0.0.1", "10.4.0.9", "", "2001:db8::4"])
def test_ten_wrong_passwords_from_one_stranger_lock_nobody_else_out(cast, settings, proxy):
    settings.TRUSTED_PROXIES = trusted_networks(["127.0.0.1", "10.4.0.0/16", "2001:db8::4"])

    def through(client):
        if proxy is None:
            return {"address": client}
        return {"address": proxy, "HTTP_X_FORWARDED_FOR": f"192.0.2.1, {client}"}

    for number in range(10):
        assert not sign_in(f"n{number}@people.example", "wrong", **through(STRANGER))
    for _ in range(10):
        assert not sign_in(cast.officer.email, "wrong", **through(STRANGER))
    assert not sign_in(cast.lead.email, PASSWORD, **through(STRANGER)), "the stranger is stopped"
    assert sign_in(cast.officer.email, PASSWORD, **through(OFFICE))
    assert sign_in(cast.lead.email, PASSWORD, **through(OFFICE))


def test_who_writes_the_header_themselves_gets_no_more_guesses(cast):
    guesses = [
        sign_in(f"n{number}@people.example", "wrong", STRANGER, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        for number in range(10)
    ]
    assert not any(guesses)
    assert not sign_in(cast.officer.email, PASSWORD, STRANGER, HTTP_X_FORWARDED_FOR="203.0.113.200")


def test_the_host_header_gives_no_more_guesses(cast, settings):
    settings.ALLOWED_HOSTS = [".concord.example"]
    for number in range(5):
        assert not sign_in(cast.officer.email, "wrong", STRANGER, HTTP_HOST=f"h{number}.concord.example")
    assert not sign_in(cast.officer.email, PASSWORD, STRANGER, HTTP_HOST="new.concord.example")


def test_guesses_at_one_account_from_many_addresses_end(cast):
    for number in range(100):
        assert not sign_in(cast.officer.email, "wrong", f"198.51.{number}.7")
    assert not sign_in(cast.officer.email, PASSWORD, OFFICE)
    assert sign_in(cast.lead.email, PASSWORD, OFFICE)


def test_signing_in_rightly_is_no_guess(cast):
    assert all(sign_in(cast.officer.email, PASSWORD, OFFICE) for _ in range(12))


@pytest.mark.parametrize("email", ["officer@lga.example", "nobody@people.example"])
def test_links_in_emails_lead_to_the_site_and_never_to_the_host_of_the_request(cast, settings, email):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://concord.example"
    Client().post(reverse("account_reset_password"), {"email": email}, HTTP_HOST="evil.example")
    links = re.findall(r"https?://[^/\s\"<]+", emails()[0].body + emails()[0].html)
    assert set(links) == {"https://concord.example"}


def test_a_change_of_address_and_its_link_do_too(cast, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://concord.example"
    browser = Client()
    browser.force_login(cast.officer)
    for asked in ("new@lga.example", cast.lead.email):
        browser.post(reverse("account_email"), {"email": asked, "password": PASSWORD}, HTTP_HOST="evil.example")
    assert len(emails()) == 2
    for message in emails():
        links = re.findall(r"https?://[^/\s\"<]+", message.body + message.html)
        assert set(links) == {"https://concord.example"}

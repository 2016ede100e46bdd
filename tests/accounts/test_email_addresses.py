"""An email address belongs to nobody until it is confirmed."""

import datetime as dt
import re
from importlib import import_module

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import email_changes
from accounts.models import User
from accounts.operations import EmailTakenError, change_email
from outbox.operations.sending import send_due
from partnership.operations import give_role, invite
from records.roles import Role
from tests.emails import emails
from tests.factories import PASSWORD, UserFactory
from tests.mailers import mail_by_smtp

USED = {
    "account_change_password",
    "account_confirm_email",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
}


def link_in(message):
    """The path of the link in an email."""
    return re.search(r"https?://[^/]+(/accounts/\S+)", message.body).group(1)


def ask_for(client, email, password=PASSWORD):
    return client.post(reverse("account_email"), {"email": email, "password": password})


def choose_password(link, password="a long enough secret"):
    """Follow a link to choose a password, in a browser of its own; the browser and where it landed."""
    browser = Client()
    form = browser.get(link, follow=True)
    return browser, browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def test_only_the_addresses_of_allauth_that_the_product_uses_are_there():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "socialaccount_", "mfa_"))} == USED


@pytest.mark.parametrize("path", ["signup/", "reauthenticate/", "password/set/", "login/code/confirm/", "3rdparty/"])
def test_others_are_not_found(client, db, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_new_address_counts_once_it_is_confirmed_from_there(cast, sign_in):
    client = sign_in(cast.viewer)
    assert "new@committee.example" in ask_for(client, "new@committee.example").content.decode()
    cast.viewer.refresh_from_db()
    assert cast.viewer.email == "member@committee.example"
    assert [(each.to, each.subject) for each in emails()] == [
        ("new@committee.example", "Confirm your new email address for Concord")
    ]
    link = link_in(emails()[0])
    assert "Change email address" in client.get(link).content.decode()
    cast.viewer.refresh_from_db()
    assert cast.viewer.email == "member@committee.example", "looking at the page changes nothing"
    client.post(link)
    cast.viewer.refresh_from_db()
    assert (cast.viewer.email, cast.viewer.is_confirmed) == ("new@committee.example", True)
    assert emails()[1].to == "member@committee.example"
    assert "You now sign in to Concord with new@committee.example" in emails()[1].body
    assert [each.email for each in EmailAddress.objects.filter(user=cast.viewer)] == ["new@committee.example"]
    assert client.get(reverse("account_email")).status_code == 200, "they stay signed in"
    assert "This link no longer works" in client.get(link).content.decode()


def test_meetings_are_emailed_to_the_new_address_unless_they_went_elsewhere(cast):
    person = cast.agreement.people.get(user=cast.viewer)
    change_email(cast.viewer, "new@committee.example")
    person.refresh_from_db()
    assert person.email == "new@committee.example"
    person.email = "assistant@committee.example"
    person.save()
    change_email(cast.viewer, "newer@committee.example")
    person.refresh_from_db()
    assert person.email == "assistant@committee.example"


def test_an_address_that_was_asked_for_opens_no_door(cast, sign_in, client):
    ask_for(sign_in(cast.viewer), "other@people.example")
    emails()
    mail.outbox.clear()
    stranger = Client()
    answer = stranger.post(reverse("account_login"), {"login": "other@people.example", "password": PASSWORD})
    assert answer.status_code == 200
    stranger.post(reverse("account_reset_password"), {"email": "other@people.example"})
    assert [each.subject for each in emails()] == ["No account at Concord with this address"]
    membership = give_role(cast.agreement, email="other@people.example", role=Role.VIEWER, by=None)
    assert membership.user != cast.viewer


@pytest.mark.parametrize("taken", ["lead@lga.example", "LEAD@LGA.example", "invited@lga.example"])
def test_an_address_that_somebody_has_is_answered_like_any_other(cast, sign_in, taken):
    UserFactory(email="invited@lga.example", confirmed=False).set_unusable_password()
    client = sign_in(cast.viewer)
    free = ask_for(client, "free@people.example")
    answer = ask_for(client, taken)
    names = r"free@people\.example|lead@lga\.example|invited@lga\.example"
    hide = re.compile(rf'{names}|value="[^"]*"|Token": "\w+"', re.IGNORECASE)
    assert answer.status_code == free.status_code == 200
    assert hide.sub("", answer.content.decode()) == hide.sub("", free.content.decode())
    assert emails()[-1].subject == "Your email address already has a Concord account"
    assert "/accounts/email/" not in emails()[-1].body
    assert User.objects.filter(email__iexact=taken).count() == 1


def test_an_address_that_somebody_has_got_meanwhile_is_refused_with_a_sentence(cast, sign_in):
    client = sign_in(cast.viewer)
    ask_for(client, "soon@lga.example")
    UserFactory(email="Soon@lga.example", confirmed=False)
    answer = client.post(link_in(emails()[0]))
    assert answer.status_code == 200
    assert "Another account uses this email address" in answer.content.decode()
    with pytest.raises(EmailTakenError):
        change_email(cast.viewer, cast.lead.email)
    cast.viewer.refresh_from_db()
    assert (cast.viewer.email, cast.viewer.is_confirmed) == ("member@committee.example", True)


def test_a_link_is_for_whoever_asked_and_for_nobody_else(cast, sign_in):
    ask_for(sign_in(cast.viewer), "new@committee.example")
    link = link_in(emails()[0])
    other = Client()
    assert other.post(link)["Location"].startswith(reverse("account_login"))
    other.force_login(cast.lead)
    assert "This link no longer works" in other.post(link).content.decode()
    assert not User.objects.filter(email="new@committee.example").exists()


def test_a_link_works_for_three_days(cast, sign_in, time_machine):
    time_machine.move_to("2026-12-01 09:00Z")
    key = email_changes.sign(cast.viewer, "new@committee.example")
    time_machine.move_to("2026-12-04 08:59Z")
    assert email_changes.read(key, cast.viewer) == "new@committee.example"
    time_machine.move_to("2026-12-04 09:01Z")
    assert email_changes.read(key, cast.viewer) is None
    assert email_changes.read("nonsense:x", cast.viewer) is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"email": "", "password": PASSWORD}, "Give your email address."),
        ({"email": "new", "password": PASSWORD}, "Give a whole email address"),
        ({"email": "new@people.example"}, "Enter your current password."),
        ({"email": "new@people.example", "password": "wrong"}, "This is not the password that you have now."),
        ({"email": "MEMBER@committee.example", "password": PASSWORD}, "You already sign in with this email address."),
        ({"email": f"{'x' * 300}@people.example", "password": PASSWORD}, "Give a whole email address"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(cast, sign_in, sent, words):
    page = sign_in(cast.viewer).post(reverse("account_email"), sent).content.decode()
    assert words in page
    assert emails() == []


def test_while_the_mail_server_is_away_the_pages_are_the_same_and_the_emails_go_later(cast, sign_in, settings):
    client = sign_in(cast.viewer)
    ask_for(client, "new@committee.example")
    link = link_in(emails()[0])
    there = settings.MAILERS
    mail_by_smtp(settings)
    send_due()
    assert "newer@committee.example" in ask_for(client, "newer@committee.example").content.decode()
    client.post(link)
    send_due()
    cast.viewer.refresh_from_db()
    assert (cast.viewer.email, cast.viewer.is_confirmed) == ("new@committee.example", True)
    settings.MAILERS = there
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        later = emails()[1:]
    assert [(each.to, each.subject) for each in later] == [
        ("newer@committee.example", "Confirm your new email address for Concord"),
        ("member@committee.example", "Your email address for Concord was changed"),
    ]


def test_nobody_is_signed_in_with_an_address_that_is_not_confirmed(cast):
    browser = Client()
    browser.force_login(cast.lead)
    home = reverse("dashboards:dashboard", args=[cast.agreement.slug])
    assert browser.get(home).status_code == 200
    cast.lead.forget_confirmation()
    assert browser.get(home).status_code == 302
    answer = browser.post(reverse("account_login"), {"login": cast.lead.email, "password": PASSWORD}, follow=True)
    assert "Your email address is not confirmed yet" in answer.content.decode()
    assert browser.get(home).status_code == 302
    assert emails()[0].subject == "Confirm your email address for Concord"
    browser, _ = choose_password(link_in(emails()[0]))
    assert browser.get(home).status_code == 200
    cast.lead.refresh_from_db()
    assert cast.lead.is_confirmed
    assert not cast.lead.check_password(PASSWORD)


def test_an_invitation_to_an_account_that_is_not_confirmed_is_a_link_to_confirm_it(cast):
    stranger = UserFactory(email="secret@techuk.example", confirmed=False)
    browser = Client()
    browser.force_login(stranger)
    assert browser.get(reverse("home")).url.startswith(reverse("account_login"))
    membership = give_role(cast.agreement, email=stranger.email, role=Role.LEAD, party=cast.techuk, by=None)
    invite(membership, by=cast.lead)
    browser, _ = choose_password(link_in(emails()[0]))
    assert browser.get(reverse("dashboards:dashboard", args=[cast.agreement.slug])).status_code == 200
    stranger.refresh_from_db()
    assert not stranger.check_password(PASSWORD), "whoever had the account before has no way in"


@pytest.mark.django_db
def test_accounts_from_before_are_confirmed_unless_their_address_was_taken():
    users = {
        "kept@a.example": UserFactory(email="kept@a.example", confirmed=False),
        "looked@a.example": UserFactory(email="Looked@a.example", confirmed=False),
        "taken@a.example": UserFactory(email="taken@a.example", confirmed=False),
        "invited@a.example": UserFactory(email="invited@a.example", confirmed=False),
    }
    users["invited@a.example"].set_unusable_password()
    users["invited@a.example"].save()
    looked, taken = users["looked@a.example"], users["taken@a.example"]
    EmailAddress.objects.create(user=looked, email="looked@a.example")
    EmailAddress.objects.create(user=taken, email="own@a.example")
    EmailAddress.objects.create(user=taken, email="taken@a.example", primary=True)
    import_module("accounts.migrations.0003_confirmed_emails").confirm(apps, None)
    confirmed = set(get_user_model().objects.confirmed())
    assert confirmed == {users["kept@a.example"], looked}
    taken.refresh_from_db()
    assert not taken.has_usable_password()
    assert EmailAddress.objects.count() == 2

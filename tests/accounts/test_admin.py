"""Users in Django admin."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.emails import emails
from tests.factories import UserFactory

LIST_BUDGET = 4


def address(name, *args):
    return reverse(f"admin:accounts_user_{name}", args=args)


@pytest.fixture
def admin_client(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)


def test_a_new_user_has_no_password_and_is_mailed_a_link_to_choose_one(
    admin_client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address("add"), {"email": "second@concord.example", "is_active": "on", "is_superuser": "on"})
    user = get_user_model().objects.get(email="second@concord.example")
    assert (user.is_superuser, user.has_usable_password()) == (True, False)
    assert emails()[0].to == "second@concord.example"
    assert "/accounts/password/reset/key/" in emails()[0].body


def test_a_link_to_choose_a_password_is_sent_from_the_list(admin_client, cast):
    barred = UserFactory(is_active=False)
    sent = {"action": "send_password_links", "_selected_action": [cast.officer.pk, barred.pk]}
    page = admin_client.post(address("changelist"), sent, follow=True).content.decode()
    assert [message.to for message in emails()] == ["officer@lga.example"]
    assert f"{barred} may not sign in, so no mail was sent." in page


def test_the_password_is_no_field(admin_client, cast):
    page = admin_client.get(address("change", cast.officer.pk)).content.decode()
    assert 'name="password"' not in page


def test_an_address_in_other_capitals_is_refused(admin_client):
    response = admin_client.post(address("add"), {"email": "OFFICER@lga.example", "is_active": "on"})
    assert "A user with this email exists already." in response.content.decode()


def test_administrators_cannot_lock_themselves_out(admin_client, cast):
    admin_client.post(address("change", cast.administrator.pk), {"email": "admin@concord.example", "name": "Ada"})
    cast.administrator.refresh_from_db()
    assert (cast.administrator.name, cast.administrator.is_superuser, cast.administrator.is_active) == (
        "Ada",
        True,
        True,
    )


def test_an_address_that_an_administrator_changes_is_confirmed_before_anybody_signs_in(
    admin_client, cast, django_capture_on_commit_callbacks
):
    browser = Client()
    browser.force_login(cast.officer)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address("change", cast.officer.pk), {"email": "new@lga.example", "is_active": "on"})
    cast.officer.refresh_from_db()
    assert (cast.officer.email, cast.officer.is_confirmed) == ("new@lga.example", False)
    assert not EmailAddress.objects.filter(user=cast.officer, verified=True).exists()
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert [(message.to, message.subject) for message in emails()] == [
        ("officer@lga.example", "Your email address for Concord was changed"),
        ("new@lga.example", "Choose a password for Concord"),
    ]


def test_other_capitals_are_the_same_address(admin_client, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address("change", cast.officer.pk), {"email": "Officer@lga.example", "is_active": "on"})
    cast.officer.refresh_from_db()
    assert cast.officer.is_confirmed
    assert emails() == []


def test_the_list_says_whose_address_is_confirmed(admin_client, cast):
    UserFactory(email="waiting@lga.example", confirmed=False)
    rows = admin_client.get(address("changelist")).context["cl"].result_list
    assert {row.email: row.has_confirmed for row in rows}["waiting@lga.example"] is False
    assert {row.email: row.has_confirmed for row in rows}["officer@lga.example"] is True


def test_only_who_never_signed_in_can_be_deleted(admin_client):
    new, known = UserFactory(), UserFactory(last_login=timezone.now())
    admin_client.post(address("delete", new.pk), {"post": "yes"})
    assert admin_client.post(address("delete", known.pk), {"post": "yes"}).status_code == 403
    assert list(get_user_model().objects.filter(pk__in=[new.pk, known.pk])) == [known]


@pytest.mark.parametrize(
    "query", ["?q=Officer", "?signed_in=no", "?signed_in=yes", "?is_superuser__exact=1", "?is_active__exact=1"]
)
def test_users_are_found_and_filtered(admin_client, query):
    assert admin_client.get(address("changelist") + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_keeps_its_query_budget(admin_client, count, django_assert_num_queries):
    UserFactory.create_batch(count)
    with django_assert_num_queries(LIST_BUDGET):
        admin_client.get(address("changelist"))


@pytest.mark.parametrize("name", ["auth_group", "account_emailaddress", "pghistory_events"])
def test_what_would_go_round_the_rules_is_not_in_admin(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}_changelist")

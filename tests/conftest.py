"""The cast of the tests, and what each of them starts from."""

import os
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import django
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.test import TransactionTestCase
from playwright.sync_api import sync_playwright

from contacts.models import Person
from partnership.models import Membership
from partnership.operations import save_party
from records.compiled_queries import Statement
from records.roles import Role
from tests.addresses import arguments, everybody
from tests.browser import CHROMIUM, CLOCK_SHIFT, LAUNCH, SHIFTED_CLOCK
from tests.factories import (
    AgreementDateFactory,
    AgreementFactory,
    PartyFactory,
    UserFactory,
    WorkstreamFactory,
)
from tests.template_database import template_database

__all__ = ["arguments", "everybody"]  # fixtures

# Playwright's synchronous interface runs an event loop of its own; the tests' ORM calls beside it are meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


SLOW = frozenset(Path(__file__).with_name("slow.txt").read_text().split())
"""The modules whose tests took a quarter of a second or more each, as ``--durations=0`` of a whole run said."""


def pytest_collection_modifyitems(items):
    """Mark the tests of slow modules. Without a Chromium the browser tests are left out, and say so."""
    left_out = pytest.mark.skip(
        reason="No Chromium was found: install chromium-headless-shell or chromium to run the browser tests."
    )
    for item in items:
        if item.nodeid.partition("::")[0] in SLOW:
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """The databases of the tests are copies of one to which all migrations are applied."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


def empty_tables(testcase):
    """Empty the tables after a test that commits; Django's way truncates and makes the permissions anew, in 2 s."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        deletions = [f'DELETE FROM "{table}"' for table in sorted(tables - {"django_content_type", "auth_permission"})]
        # Foreign keys and history triggers would only watch the end of the world.
        cursor.execute("; ".join(["SET session_replication_role = replica", *deletions]))
        cursor.execute("SET session_replication_role = DEFAULT")


TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(scope="session", autouse=True)
def mailers(django_test_environment):
    """Emails go to ``mail.outbox`` unless a test sets MAILERS.

    Django 6.1 sees to that. Earlier releases replace EMAIL_BACKEND for tests, which would hide MAILERS.
    """
    if django.VERSION < (6, 1):
        settings.EMAIL_BACKEND = "outbox.mailers.default_mailer"
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture(scope="session")
def playwright():
    """Playwright, with no connection left behind: while its event loop runs, Django keeps other ones than before it."""
    connections.close_all()
    with sync_playwright() as driver:
        yield driver
        connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium, rather than one that Playwright would download."""
    return browser_type_launch_args | LAUNCH


@pytest.fixture
def new_context(new_context):
    """Browser contexts in which a page takes now for what the tests do."""

    def make(**options):
        context = new_context(**options)
        if CLOCK_SHIFT:
            context.add_init_script(f"({SHIFTED_CLOCK})({CLOCK_SHIFT})")
        return context

    return make


LEFT_MEANWHILE = ("htmx:afterRequest,", "htmx:sendAbort,")
"""How the two messages begin by which htmx reports a request that was cancelled because the page was left. Other failed
requests are reported by a message of their own as well."""


@pytest.fixture
def problems(page):
    """What the browser complains about while a test runs: script errors and breaches of the security policy."""
    found = []

    def note(message):
        if message.type == "error" and not message.text.startswith(LEFT_MEANWHILE):
            found.append(message.text)

    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", note)
    return found


def pytest_terminal_summary(terminalreporter):
    """Say how many pages were looked at, and in how many ways."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for what, words in getattr(report, "user_properties", []):
                if what == "looked at" and report.when == "teardown":
                    terminalreporter.write_line(f"Looked at by {words}.")


@pytest.fixture(autouse=True, scope="session")
def _prepared_questions_ask_what_the_orm_would():
    """Hold statements that were put together once against what the ORM makes of the same arguments.

    Each statement is compared the first time, the second, the fourth, and so on: making it anew each time would be an
    eighth of what the tests take.
    """
    ask, times = Statement.rows, Counter()

    def asked_as_the_orm_would(statement, given):
        times[statement] += 1
        if times[statement].bit_count() > 1:
            return ask(statement, given)
        try:
            sql, params = statement.ask(**given).query.get_compiler("default").as_sql()
        except EmptyResultSet:
            assert ask(statement, given) == []
            return []
        with connection.cursor() as cursor:
            asked, expected = cursor.mogrify(statement.sql, statement.params(given)), cursor.mogrify(sql, params)
        # Of no agreement or party at all the ORM leaves a condition out that we ask.
        assert asked == expected or b" IN (0)" in asked
        return ask(statement, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statement, "rows", asked_as_the_orm_would)
        yield


def members(*roles):
    """Users with a role, a password and a person in the address book, as ``give_role`` makes them, but in four queries.

    ``roles`` are (agreement, email, role, party); without a role, the user is an administrator. Returns the users.
    """
    users = [
        UserFactory.build(email=email, name=email.split("@")[0].title(), is_superuser=role is None)
        for _, email, role, _ in roles
    ]
    get_user_model().objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    theirs = [(user, *role) for user, role in zip(users, roles, strict=True) if not user.is_superuser]
    Membership.objects.bulk_create(
        Membership(agreement=agreement, user=user, role=role, party=party) for user, agreement, _, role, party in theirs
    )
    Person.objects.bulk_create(
        Person(agreement=agreement, user=user, name=user.name, email=email, organisation=party and party.organisation)
        for user, agreement, email, _, party in theirs
    )
    return users


@pytest.fixture
def cast(db):
    """Two agreements and their people. ``outsider`` edits the other agreement and must see nothing of this one.

    ``agreement`` has the parties ``lga`` and ``techuk`` (each with its organisation) and one ``workstream``.
    """
    agreement = AgreementFactory(name="LGA and techUK", slug="lga-techuk")
    AgreementDateFactory(agreement=agreement)
    lga, techuk = (
        save_party(PartyFactory.build(agreement=agreement, name=name, short_name=name, position=i), by=None)
        for i, name in enumerate(("LGA", "techUK"))
    )
    elsewhere = AgreementFactory(name="Elsewhere", slug="elsewhere")
    other = save_party(PartyFactory.build(agreement=elsewhere, name="Other", short_name="Other"), by=None)
    names = ("officer", "techuk_officer", "lead", "techuk_lead", "viewer", "outsider", "administrator")
    users = members(
        (agreement, "officer@lga.example", Role.EDITOR, lga),
        (agreement, "officer@techuk.example", Role.EDITOR, techuk),
        (agreement, "lead@lga.example", Role.LEAD, lga),
        (agreement, "lead@techuk.example", Role.LEAD, techuk),
        (agreement, "member@committee.example", Role.VIEWER, None),
        (elsewhere, "outsider@elsewhere.example", Role.EDITOR, other),
        (None, "admin@concord.example", None, None),
    )
    return SimpleNamespace(
        agreement=agreement,
        elsewhere=elsewhere,
        lga=lga,
        techuk=techuk,
        workstream=WorkstreamFactory(agreement=agreement, name="Procurement", slug="procurement"),
        **dict(zip(names, users, strict=True)),
    )


@pytest.fixture
def sign_in(client):
    """``sign_in(user)`` gives a test client that is signed in as ``user``."""

    def enter(user):
        client.force_login(user)
        return client

    return enter

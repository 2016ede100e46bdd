"""Whatever is typed, pasted, uploaded or written into an address is read in a short time, or refused.

Every reader is found by looking at the code and the pages (``readers.py``), not by a list.
"""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from contacts.rules.pasted import read_people
from tests.addresses import (
    ADMIN_NAMES,
    ADMINISTRATOR,
    GET,
    LEAD,
    PAGES,
    SIGNED_OUT,
    address,
)
from tests.records.hostile import SIGNS, TooSlow, cpu_limit, repeated
from tests.records.readers import Page, expressions, functions, parameters

LETTERS = "a" * 250_000
SLOW = ("a", 'a@", <(', "\n1. A: a")
MOST_SENT = 1_500_000
"""Characters: more are refused as a whole, whatever they say."""
NOT_OPEN = {"home", "health_ready", "metrics", "engagements:put_back_series_date"}
"""Pages that lead elsewhere, or say that something is not there, as the rows are."""


@pytest.mark.parametrize("pattern", sorted(expressions()))
def test_every_regular_expression_is_linear(pattern):
    found = re.compile(pattern)
    own = sorted(set(re.sub(r"\\[a-zA-Z]", "", pattern)) - set("\\^$|?*+{}"))
    for text in repeated(20_000, signs=[*SIGNS, *own]):
        try:
            with cpu_limit(0.5):
                found.search(text)
                found.match(text)
                found.sub("", text)
        except TooSlow:
            pytest.fail(f"{expressions()[pattern]} is not linear: {pattern!r} on {text[:20]!r}…")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(functions()))
def test_every_function_that_reads_a_text_is_quick(name):
    function = functions()[name]
    for text in repeated(20_000, endings=["!"]):
        try:
            with cpu_limit(1):
                if not is_taken(function, text):
                    is_taken(function, text.encode("utf-8", "replace"))
        except TooSlow:
            pytest.fail(f"{name} took too long to read {text[:20]!r}…")


def is_taken(function, given):
    """Whether a text, or bytes, is what ``function`` reads; that it says no to this one is an answer too."""
    try:
        function(given)
    except (TypeError, AttributeError):
        return False
    except SystemExit:
        return True
    except Exception as error:
        if isinstance(error, RecursionError | MemoryError):
            raise
    return True


def ways():
    """(name of an address, who opens it) for each page that can be looked at."""
    ours = [
        (name, next(role for role in (SIGNED_OUT, LEAD, ADMINISTRATOR) if role in (who or {ADMINISTRATOR})))
        for name, (method, who) in PAGES.items()
        if method == GET
    ]
    return ours + [(name, ADMINISTRATOR) for name in ADMIN_NAMES if name.endswith(("_add", "_changelist"))]


@pytest.fixture
def page_of(client, everybody, arguments):
    """``page_of(name, role)``: (a client that is signed in, the address of the page); None where there is none."""

    def enter(name, role):
        if everybody[role]:
            client.force_login(everybody[role])
        try:
            return client, address(name, arguments)
        except KeyError:
            return None

    return enter


def ask(send, *args, **kwargs):
    """The answer, in a short time of ours and of the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '3s'")
    with cpu_limit(4):
        response = send(*args, **kwargs)
        if response.streaming:
            list(response)
    assert response.status_code < 500 or response.status_code == 503, response.status_code
    return response


@pytest.mark.parametrize(("name", "role"), ways())
def test_every_field_and_every_parameter_of_every_page_is_read_quickly(name, role, page_of):
    found = page_of(name, role)
    if not found:
        pytest.skip("It needs a row of its own.")
    client, path = found
    page = ask(client.get, path)
    if name not in NOT_OPEN:
        assert page.status_code == 200 or is_admin_that_adds_nothing(name, page), "it is the page that is meant"
    ask(client.get, path, dict.fromkeys(parameters(), 'a@", <(' * 500))
    if page.streaming or not page.get("Content-Type", "").startswith("text/html"):
        return
    for method, action, values, texts in Page(page.content.decode()).forms:
        if method == "post" and texts and (action or path).startswith("/"):
            ask(client.post, action or path, values | dict.fromkeys(texts, hostile(len(texts))))


def is_admin_that_adds_nothing(name, page):
    return name.startswith("admin:") and name.endswith("_add") and page.status_code == 403


def hostile(fields):
    """A text for each of so many fields: each sign that is slow to read somewhere, again and again."""
    length = min(250_000, MOST_SENT // fields) // len(SLOW)
    return "".join((sign * length)[:length] for sign in SLOW)


def test_a_line_of_letters_sent_four_times_is_refused_and_kept(cast, sign_in):
    """The attack that stopped both web processes for half a minute."""
    url = reverse("engagements:full_log", args=[cast.agreement.slug])
    for _ in range(4):
        response = ask(sign_in(cast.officer).post, url, {"title": "It", "kind": "workshop", "who_lines": LETTERS})
        assert "250,000 characters" in response.context["form"].errors["who"][0]
        assert LETTERS in response.content.decode()


@pytest.mark.parametrize("text", ["a" * 140_000, "a,b," * 40_000, "a\n" * 90_000, '"' * 190_000])
def test_a_cell_a_line_or_a_text_too_long_for_people_is_said(text):
    with pytest.raises(ValidationError), cpu_limit(1):
        read_people(text)

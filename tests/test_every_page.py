"""The whole matrix: every page, as each role that may read it, in both themes, at three widths, in four states.

Which pages there are is read from the table in tests.addresses, so that a new one is looked at too.
"""

import pytest

from tests.addresses import (
    ADMINISTRATOR,
    EDITOR,
    LEAD,
    OUTSIDER,
    SIGNED_OUT,
    VIEWER,
    address,
)
from tests.browser import RULES_OF_COLOUR, axe_findings, enter, shape_findings, sideways
from tests.markup import markup_findings
from tests.states import BAD_QUERY, HAS_A_FORM, SPOIL, of_the_demo, stretch
from tests.test_pages_look import demo, pages

__all__ = ["demo"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

WIDTHS = [1280, 390, 320]
"""A desktop, a phone, and a desktop at 400%."""

ROLES = [SIGNED_OUT, OUTSIDER, VIEWER, EDITOR, LEAD, ADMINISTRATOR]
DEMO_USERS = {
    SIGNED_OUT: None,
    OUTSIDER: "outsider@elsewhere.example",
    VIEWER: "member@committee.example",
    EDITOR: "officer@lga.example",
    LEAD: "lead@lga.example",
    ADMINISTRATOR: "admin@concord.example",
}


class Eye:
    """Looks at pages as one role after the other; ``wrong`` is what it found, ``looks`` how many views it had."""

    def __init__(self, page, live_server, problems):
        self.page, self.live_server, self.problems = page, live_server, problems
        self.wrong, self.looks, self.documents, self.pages = {}, 0, {}, 0
        # What is still gliding to its place would count as half hidden.
        page.emulate_media(reduced_motion="reduce")

    def enter(self, user):
        """Be ``user``, or nobody."""
        self.page.context.clear_cookies()
        if user:
            enter(self.page, self.live_server, user)

    def open(self, what, path):
        """Go to ``path``, and look."""
        self.look(what, self.page.goto(self.live_server.url + path))

    def report(self):
        """What was found, a line each."""
        return "\n".join(f"{what}: {one}" for what, found in self.wrong.items() for one in found)

    def look(self, what, answer, status=200):
        """Look at the page that stands there, in every theme at every width."""
        found = [] if answer.status == status else [f"answers {answer.status}"]
        self.pages += 1
        self.documents[what] = answer.text()
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.emulate_media(color_scheme="light")
            seen = axe_findings(self.page) + shape_findings(self.page) + sideways(self.page)
            self.page.emulate_media(color_scheme="dark")
            seen += [f"in the dark {one}" for one in axe_findings(self.page, RULES_OF_COLOUR)]
            found += [f"{width}: {one}" for one in seen]
            self.looks += 2
        # That a refused page is refused stands in the console too.
        found += [one for one in self.problems if not (status >= 400 and "Failed to load resource" in one)]
        self.problems.clear()
        if found:
            self.wrong[what] = found


@pytest.fixture
def eye(page, live_server, problems, record_property, tmp_path, request):
    """Eyes that say at the end of the run how much they saw, and read the HTML of all of it."""
    looker = Eye(page, live_server, problems)
    yield looker
    record_property("looked at", f"{request.node.originalname}: {looker.pages} pages, {looker.looks} views")
    wrong = markup_findings(looker.documents, tmp_path / "documents")
    assert not wrong, "\n".join(wrong)


def fills(name, fill):
    """The address of a page, or None in a state that has no row for it."""
    try:
        return address(name, fill)
    except KeyError:
        return None


def look_as_everybody(eye, users, fill):
    """Look at every page, as each role that may read it."""
    for role in ROLES:
        eye.enter(users[role])
        for name in pages({role}):
            if path := fills(name, fill):
                eye.open(f"{role} {name}", path)


def test_every_page_with_a_row_of_each(everybody, arguments, eye):
    look_as_everybody(eye, everybody, arguments)
    assert not eye.wrong, eye.report()


def test_every_page_with_far_too_much(demo, eye):
    fill, lead = demo
    stretch(lead.memberships.get().agreement)
    look_as_everybody(eye, of_the_demo(DEMO_USERS), fill)
    assert not eye.wrong, eye.report()


def test_every_page_of_an_agreement_in_which_nothing_is_written_yet(cast, everybody, eye):
    cast.workstream.delete()
    look_as_everybody(eye, everybody, lambda name, keys: {key: {"agreement": cast.agreement.slug}[key] for key in keys})
    assert not eye.wrong, eye.report()


def test_every_form_with_nothing_and_with_nonsense_in_it(everybody, arguments, eye):
    faults = {}
    for role in (SIGNED_OUT, VIEWER, LEAD):
        eye.enter(everybody[role])
        for name in pages({role}):
            for nonsense in ("nonsense ", ""):
                eye.page.goto(eye.live_server.url + address(name, arguments))
                if not eye.page.evaluate(HAS_A_FORM):
                    eye.problems.clear()
                    break
                with eye.page.expect_navigation() as sent:
                    eye.page.evaluate(SPOIL, nonsense)
                eye.look(f"{role} {name} with “{nonsense}”", sent.value)
                faults.setdefault(name, 0)
                faults[name] += eye.page.locator(".field-error, [data-error-summary]").count()
    assert not eye.wrong, eye.report()
    assert [name for name, number in faults.items() if not number] == [], "nonsense is taken without a word"


def test_every_page_at_an_address_with_nonsense_in_it(everybody, arguments, eye):
    eye.enter(everybody[LEAD])
    for name in pages({LEAD}):
        eye.open(f"{name} with nonsense", address(name, arguments) + BAD_QUERY)
    assert not eye.wrong, eye.report()


def test_pages_that_say_no(everybody, arguments, eye):
    eye.enter(everybody[VIEWER])
    for path, status in (("/nowhere/", 404), (address("engagements:quick_log", arguments), 403)):
        eye.look(f"refused {status}", eye.page.goto(eye.live_server.url + path), status)
    assert not eye.wrong, eye.report()

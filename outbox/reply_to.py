"""The contact that an email names, who gets the replies to it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html

from outbox.headers import mailbox

PLACE = "<!-- questions -->"
"""Marks the place in the HTML of an email for the sentence about its contact."""

SIGNATURE = "-- "
"""The line above the part that is the same in all emails (RFC 3676, section 4.3)."""

HTML = """<p style="margin:20px 0 0;overflow-wrap:anywhere">Questions? Reply to this email. It goes to {}, <a
href="mailto:{}" class="link" style="color:#0b5563">{}</a>.</p>"""


@dataclass(frozen=True)
class Contact:
    person_id: int
    name: str
    email: str
    organisation: str

    @property
    def in_words(self):
        """ "Helen Ashdown (LGA)"."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name

    @property
    def header(self):
        """The Reply-To header of an email, with the line break after it."""
        return f"Reply-To: {mailbox(self.name, self.email)}\r\n"

    @property
    def is_usable(self):
        """Whether the address is valid."""
        try:
            return bool(self.header)
        except ValueError:
            return False

    @property
    def plain(self):
        """The sentence in the plain text that names the contact."""
        return f"Questions? Reply to this email. It goes to {self.in_words}, {self.email}."

    @property
    def html(self):
        return format_html(HTML, self.in_words, self.email, self.email)


def html_with(html, contact):
    """Return the HTML of an email with the sentence about its contact; without one where there is no contact."""
    return html.replace(PLACE, contact.html if contact else "", 1)


def plain_with(plain, contact):
    """Return the plain text of an email with the sentence about its contact above the signature."""
    if not contact:
        return plain
    text, delimiter, end = plain.rpartition(f"\n{SIGNATURE}\n")
    return f"{text.rstrip()}\n\n{contact.plain}\n{delimiter}{end}" if delimiter else plain


def reply_to(contact):
    """The Reply-To header: the contact, or ``CONTACT_EMAIL`` where an agreement has none; "" without either."""
    if contact:
        return contact.header
    return f"Reply-To: {settings.CONTACT_EMAIL}\r\n" if settings.CONTACT_EMAIL else ""

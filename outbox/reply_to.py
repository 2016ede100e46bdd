"""Whom an email names, and who gets the replies to it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html

from outbox.headers import mailbox

PLACE = "<!-- questions -->"
"""Where the HTML of an email says whom to ask."""

SIGNATURE = "-- "
"""The line above what is the same in all emails (RFC 3676, section 4.3)."""

HTML = """<p style="margin:20px 0 0;overflow-wrap:anywhere">Questions? Reply to this email. It goes to {}, <a
href="mailto:{}" class="link" style="color:#0b5563">{}</a>.</p>"""


@dataclass(frozen=True)
class Contact:
    """Somebody to reply to."""

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
        """Whether their address can be one."""
        try:
            return bool(self.header)
        except ValueError:
            return False

    @property
    def plain(self):
        """Whom to ask, as the plain text says it."""
        return f"Questions? Reply to this email. It goes to {self.in_words}, {self.email}."

    @property
    def html(self):
        """The same as HTML."""
        return format_html(HTML, self.in_words, self.email, self.email)


def html_with(html, contact):
    """The HTML of an email that says whom to ask; without anybody it says nothing of it."""
    return html.replace(PLACE, contact.html if contact else "", 1)


def plain_with(plain, contact):
    """The same of the plain text: above the signature."""
    if not contact:
        return plain
    text, delimiter, end = plain.rpartition(f"\n{SIGNATURE}\n")
    return f"{text.rstrip()}\n\n{contact.plain}\n{delimiter}{end}" if delimiter else plain


def reply_to(contact):
    """The Reply-To header: the contact, or where an agreement has nobody the address that the site names."""
    if contact:
        return contact.header
    return f"Reply-To: {settings.CONTACT_EMAIL}\r\n" if settings.CONTACT_EMAIL else ""

"""What a reminder says. Its bytes are made once for an engagement, a step and a kind of reader, not once a person."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from engagements.calendar import calendar_of
from engagements.models import Engagement, Participation
from engagements.words import days_in_words, place_in_words, times_in_words
from reminders.models import Step


@dataclass(frozen=True)
class Letter:
    """One mail, ready to go. It is what Django's mail backends take, without the cost of a message object each."""

    to: str
    subject: str
    content: bytes
    from_email: str
    encoding = None

    def recipients(self):
        """The one address that it goes to."""
        return [self.to]

    def message(self, **kwargs):
        """Itself: a backend asks this for ``as_bytes``."""
        return self

    def as_bytes(self, *args, **kwargs):
        """The whole mail, its lines ended as SMTP has them."""
        return self.content

    def get_charset(self):
        """None: the charset is said in the parts. The console backend asks."""


class Letters:
    """Writes the letters of claimed messages, reading what they need of the database at once."""

    def __init__(self, claimed):
        engagements = Engagement.objects.filter(pk__in={one.engagement_id for one in claimed})
        self.engagements = engagements.select_related("agreement").prefetch_related("hosts").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed})
        self.made = {}

    def letter_for(self, claimed, now) -> Letter | None:
        """The letter to one person, or None where its engagement or step was deleted meanwhile.

        Raises ValueError where the address cannot be one.
        """
        if claimed.engagement_id not in self.engagements or claimed.step_id not in self.steps:
            return None
        kind_of_reader = (claimed.engagement_id, claimed.step_id, claimed.role, claimed.reply, claimed.has_account)
        if kind_of_reader not in self.made:
            self.made[kind_of_reader] = self._common(claimed)
        subject, common = self.made[kind_of_reader]
        content = personal_headers(claimed, now) + common
        return Letter(claimed.address, subject, content, settings.DEFAULT_FROM_EMAIL)

    def _common(self, claimed):
        """The subject, and the bytes that all readers of this kind get, without the headers that name one."""
        engagement = self.engagements[claimed.engagement_id]
        subject = subject_of(engagement)
        words = words_for(engagement, self.steps[claimed.step_id], claimed) | {"subject": subject}
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = subject
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(render_to_string("reminders/mail/reminder.txt", words), cte="quoted-printable")
        html = render_to_string("reminders/mail/reminder.html", words)
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        # PUBLISH: nobody here reads the replies that a REQUEST has calendars send, and it names no attendee.
        calendar = calendar_of([engagement], method="PUBLISH").decode()
        mail.add_attachment(
            calendar, subtype="calendar", params={"method": "PUBLISH"}, cte="base64", filename="invite.ics"
        )
        return subject, bytes(mail)


def subject_of(engagement):
    """ "Reminder: AI procurement roundtable, Tuesday 8 December, 14:00"; one line whatever the title holds."""
    start = f"{engagement.starts_on:%A %-d %B}"
    if engagement.start_time:
        start += f", {engagement.start_time:%H:%M}"
        if engagement.time_zone != settings.TIME_ZONE:
            start += f" {engagement.time_zone.replace('_', ' ')} time"
    return f"Reminder: {' '.join(engagement.title.split())}, {start}"


def words_for(engagement, step, claimed):
    """What the templates of a reminder say, by name."""
    days = days_in_words(engagement.starts_on, engagement.last_day)
    place = place_in_words(engagement)
    hosts = " and ".join(str(host) for host in engagement.hosts.all())
    return {
        "engagement": engagement,
        "agreement": engagement.agreement,
        "when": ", ".join(filter(None, [days, times_in_words(engagement)])),
        "where": place[:1].upper() + place[1:],
        "hosts": hosts,
        "tell": "the hosts" if hosts else "whoever invited you",
        "role": Participation.Role(claimed.role).label.lower() if claimed.role != "participant" else "",
        "reply": claimed.reply,
        "has_account": claimed.has_account,
        "rule": step.rule,
        "step": step,
        "link": settings.SITE_URL + engagement.get_absolute_url(),
    }


def personal_headers(claimed, now) -> bytes:
    """To, Message-ID and Date, which stand before what all get. Raises ValueError for an impossible address."""
    to = EmailMessage(policy=SMTP)
    user, _, domain = claimed.address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    to["To"] = Address(" ".join(claimed.name.split()), addr_spec=f"{user}@{domain}")
    date = format_datetime(timezone.localtime(now))
    return bytes(to).removesuffix(b"\r\n") + f"Message-ID: {message_id(claimed)}\r\nDate: {date}\r\n".encode()


def message_id(claimed):
    """The Message-ID of a message's row: the same at each attempt, and no other's, even in a database made anew."""
    return f"<{claimed.created_at:%Y%m%d%H%M%S%f}.{claimed.message_id}@{settings.SITE_HOST}>"

"""Renders the emails of claimed messages. Bytes that several readers share are made once, and completed for each."""

from dataclasses import replace
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from contacts.models import Person
from outbox import message_ids
from outbox.content import RenderedEmail
from outbox.headers import mailbox
from reminders.deliveries.digest import digest_of
from reminders.deliveries.joined import joined
from reminders.deliveries.many_dates import text_of_many
from reminders.deliveries.targets import TARGETS
from reminders.notifications import reply_links
from reminders.notifications.reply_to import Contacts
from reminders.preferences.links import ENDING, choices_link, fill, headers
from reminders.preferences.topics import topic_of


class NotificationRenderer:
    """Renders the emails of claimed messages. It reads what they need from the database up front."""

    def __init__(self, claimed):
        items = [one for first in claimed for one in (first, *first.others)]
        self.writers = {
            name: target.writer([one for one in items if one.target == name])
            for name, target in TARGETS.items()
            if any(one.target == name for one in items)
        }
        self.contacts, self.made = Contacts(items), {}
        readers = {first.person_id for first in claimed if first.others}
        people = Person.objects.filter(pk__in=readers).select_related("agreement") if readers else []
        self.agreements = {person.pk: person.agreement for person in people}

    def render(self, claimed, now) -> RenderedEmail | None:
        """Return the email to one person, or None where there is nothing left to say.

        Raises ValueError where the address cannot be one.
        """
        claimed = self._with_contacts(claimed)
        made = self._digest_for(claimed) if claimed.others else self._made_for(claimed)[1]
        if not made:
            return None
        subject, common = made
        return RenderedEmail(claimed.address, subject, personal(common, claimed, now), settings.DEFAULT_FROM_EMAIL)

    def _with_contacts(self, claimed):
        """The message and its ``others``, each with its ``contact``."""
        first, *others = (
            replace(one, contact=self.contacts.contact_for(one), others=()) for one in (claimed, *claimed.others)
        )
        return replace(first, others=tuple(others))

    def _made_for(self, claimed):
        """(text, (subject, bytes)) that all readers of this kind share, made once; both None where there is no text."""
        facts = tuple((name, fact) for name, fact in claimed.facts.items() if name not in reply_links.PERSONAL)
        reader = (
            claimed.kind,
            claimed.target,
            claimed.target_id,
            claimed.step_id,
            claimed.has_account,
            facts,
            claimed.contact,
        )
        if reader not in self.made:
            text = self.writers[claimed.target].write(claimed)
            self.made[reader] = text, text and (text.subject, text.as_bytes(claimed.contact, ENDING))
        return self.made[reader]

    def _digest_for(self, claimed):
        """(subject, bytes) of an email that combines several notifications for one reader; None without any text."""
        items = [(ones[0].kind, self._text_of(ones)) for ones in together((claimed, *claimed.others))]
        items, engagement = [(kind, text) for kind, text in items if text], self._engagement_of(claimed)
        if engagement and len(items) > 1:
            text = joined(items, engagement)
        else:
            text = digest_of(items, self.agreements[claimed.person_id])
        contacts = {one.contact for one in (claimed, *claimed.others)}
        contact = contacts.pop() if len(contacts) == 1 else self.contacts.lead_for(claimed)
        return text and (text.subject, text.as_bytes(contact, ENDING))

    def _engagement_of(self, claimed):
        """The engagement that the message and its ``others`` are all about, or their actions are from; otherwise None.

        This makes no query: the writers have read the engagement.
        """
        found = {self._about(one) for one in (claimed, *claimed.others)}
        return found.pop() if len(found) == 1 else None

    def _about(self, one):
        writer = self.writers[one.target]
        if one.target == "engagement":
            return writer.rows.get(one.target_id)
        action = writer.rows.get(one.target_id) if one.target == "action" else None
        return action and action.engagement

    def _text_of(self, ones):
        """The ``EmailContent`` of one item of a digest: several dates of a series, or a single delivery."""
        if len(ones) > 1:
            return text_of_many(ones, self.writers)
        text = self._made_for(ones[0])[0]
        return text and reply_links.with_links(text, ones[0])


def together(items):
    """Group deliveries into items: dates that were changed at once form one item, any other delivery its own."""
    found = {}
    for one in items:
        found.setdefault(one.facts.get("batch_id") or one.delivery_id, []).append(one)
    return list(found.values())


def personal(common, claimed, now) -> bytes:
    """Complete shared bytes for one reader: with To, Date, Message-ID and List-Unsubscribe headers, and their links.

    Raises ValueError where the address cannot be one.
    """
    link = choices_link(claimed.person_id)
    topics = dict.fromkeys(topic_of(one.kind).name for one in (claimed, *claimed.others))
    named = f"To: {mailbox(claimed.name, claimed.address)}\r\nDate: {format_datetime(timezone.localtime(now))}\r\n"
    known = message_ids.headers(claimed.created_at, claimed.message_id)
    return (named + known + headers(link, topics)).encode("ascii") + reply_links.fill(fill(common, link), claimed)

"""The emails of claimed messages. Their bytes are made once for all readers of a kind, and filled in for each."""

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
    """Writes the emails of claimed messages, reading what they need of the database at once."""

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
        """The email to one person, or None where there is nothing to tell any more.

        Raises ValueError where the address cannot be one.
        """
        claimed = self._with_contacts(claimed)
        made = self._digest_for(claimed) if claimed.others else self._made_for(claimed)[1]
        if not made:
            return None
        subject, common = made
        return RenderedEmail(claimed.address, subject, personal(common, claimed, now), settings.DEFAULT_FROM_EMAIL)

    def _with_contacts(self, claimed):
        """The message with whom it names; of several things somebody only if all of them have the same."""
        first, *others = (
            replace(one, contact=self.contacts.contact_for(one), others=()) for one in (claimed, *claimed.others)
        )
        return replace(first, others=tuple(others))

    def _made_for(self, claimed):
        """The text that all readers of this kind get, and its subject and bytes; both None where there is none."""
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
        """The subject and the bytes of a mail that tells several things, which is nobody else's."""
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
        """The engagement that all which goes with ``claimed`` is about, or its actions are from; None where it differs.

        Nothing is asked: their writers have read it.
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
        """What is told of these, which are one thing of a digest: many dates of a series, or just one."""
        if len(ones) > 1:
            return text_of_many(ones, self.writers)
        text = self._made_for(ones[0])[0]
        return text and reply_links.with_links(text, ones[0])


def together(items):
    """What is told as one thing: many dates that were changed at once; of all else each by itself."""
    found = {}
    for one in items:
        found.setdefault(one.facts.get("batch_id") or one.delivery_id, []).append(one)
    return list(found.values())


def personal(common, claimed, now) -> bytes:
    """What all get, made one reader's: with To, Message-ID, Date and how to stop it before it, and with their links.

    Raises ValueError for an impossible address.
    """
    link = choices_link(claimed.person_id)
    topics = dict.fromkeys(topic_of(one.kind).name for one in (claimed, *claimed.others))
    named = f"To: {mailbox(claimed.name, claimed.address)}\r\nDate: {format_datetime(timezone.localtime(now))}\r\n"
    known = message_ids.headers(claimed.created_at, claimed.message_id)
    return (named + known + headers(link, topics)).encode("ascii") + reply_links.fill(fill(common, link), claimed)

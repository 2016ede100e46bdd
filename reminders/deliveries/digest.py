"""The email that combines several notifications."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from outbox.content import EmailContent
from reminders.preferences.topics import TOPICS, topic_of


@dataclass(frozen=True)
class DigestSection:
    """The notifications of one topic, in the order in which ``digest_of`` got them."""

    title: str
    texts: list[EmailContent]


CHOSEN = "You chose to get several things in one email."


def digest_of(items, agreement, *, subject="", why=CHOSEN) -> EmailContent | None:
    """Combine ``items``, pairs of a kind and an ``EmailContent``, into one email.

    Returns a single one unchanged, and None where there are none.
    """
    if len(items) < 2:
        return items[0][1] if items else None
    sections = [
        DigestSection(topic.label, [text for kind, text in items if topic_of(kind) is topic])
        for topic in TOPICS
        if any(topic_of(kind) is topic for kind, _ in items)
    ]
    subject = subject or f"{len(items)} things from {' '.join(agreement.name.split())}"
    texts = [text for section in sections for text in section.texts]
    words = {"subject": subject, "sections": sections, "agreement": agreement, "texts": texts, "why": why}
    words["has_calendar"] = any(text.calendars for text in texts)
    return EmailContent(
        subject=subject,
        plain=render_to_string("reminders/mail/digest.txt", words),
        html=render_to_string("reminders/mail/digest.html", words),
        gathered=tuple(texts),
    )

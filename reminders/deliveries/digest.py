"""The email that tells several things at once."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from outbox.content import EmailContent
from reminders.preferences.topics import TOPICS, topic_of


@dataclass(frozen=True)
class Section:
    """The things of one topic, in the order in which they were due."""

    title: str
    texts: list[EmailContent]


CHOSEN = "You chose to get several things in one email."


def digest_of(told, agreement, *, subject="", why=CHOSEN) -> EmailContent | None:
    """One email of what several tell: ``told`` are pairs of a kind and an ``EmailContent``. None if none is told."""
    if len(told) < 2:
        return told[0][1] if told else None
    sections = [
        Section(topic.label, [text for kind, text in told if topic_of(kind) is topic])
        for topic in TOPICS
        if any(topic_of(kind) is topic for kind, _ in told)
    ]
    subject = subject or f"{len(told)} things from {' '.join(agreement.name.split())}"
    texts = [text for section in sections for text in section.texts]
    words = {"subject": subject, "sections": sections, "agreement": agreement, "texts": texts, "why": why}
    words["has_calendar"] = any(text.calendars for text in texts)
    return EmailContent(
        subject=subject,
        plain=render_to_string("reminders/mail/digest.txt", words),
        html=render_to_string("reminders/mail/digest.html", words),
        gathered=tuple(texts),
    )

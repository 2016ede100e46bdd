"""The email that combines several notifications of one engagement to one person, due within minutes of each other."""

import re
from dataclasses import replace

from django.template.loader import render_to_string

from outbox.content import ALSO
from reminders.deliveries.digest import digest_of
from reminders.notification_types import type_of

SIGNATURE = re.compile(r"\n-- ?\n")
"""The line above the reason for an email, in its plain text."""


def joined(items, engagement):
    """Combine ``items``, pairs of a kind and an ``EmailContent`` about ``engagement``, into one email.

    The kind that leads (``NotificationType.leads``) gives the text, and the rest are listed below it. Where none leads,
    all are listed: they are actions.
    """
    numbers = [type_of(kind).leads for kind, _ in items]
    leading = sorted((number, place) for place, number in enumerate(numbers) if number)
    title = " ".join(engagement.title.split())
    if not leading:
        why = f"You get these in one email because they are all from “{title}”."
        return digest_of(items, engagement.agreement, subject=f"{len(items)} actions for you: {title}"[:300], why=why)
    first = leading[0][1]
    main, also = items[first][1], [text for place, (_, text) in enumerate(items) if place != first]
    return with_more(main, also)


def with_more(text, also):
    """An ``EmailContent`` with others listed below its text, above the reason why it came."""
    plain = render_to_string("reminders/mail/also.txt", {"texts": also})
    *_, signature = [None, *SIGNATURE.finditer(text.plain)]
    at = signature.start() if signature else len(text.plain)
    number = "1 more thing" if len(also) == 1 else f"{len(also)} more things"
    return replace(
        text,
        subject=f"{text.subject[:270]}, and {number}",
        plain=f"{text.plain[:at].rstrip()}\n\n{plain.strip()}\n{text.plain[at:]}",
        html=text.html.replace(ALSO, render_to_string("reminders/mail/also.html", {"texts": also})),
        gathered=(*text.gathered, *(each for each in also if each.calendars)),
    )

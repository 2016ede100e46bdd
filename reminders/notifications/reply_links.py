"""The links by which one reader replies, in an email that is written for all readers of a kind."""

from dataclasses import replace

from engagements.presenters.replies import ANSWERS, reply_links
from outbox.content import insert_link

PERSONAL = ("place", "version")
"""The facts of a claimed message that only these links use: the person's place, and the version of the schedule."""


def place_of(engagement_id, answer):
    """What stands in the email until the link of one reader replaces it.

    It begins a line of HTML, as ``preferences.links.PLACE`` does.
    """
    return f"https://reply.invalid/{engagement_id}/{answer}/"


def answers_to(engagement_id):
    """Pairs of the words of an answer and the place of its link."""
    return [(word, place_of(engagement_id, answer)) for answer, word in ANSWERS]


def links_of(claimed):
    """{place: link} for the reader of a claimed message; {} where they are not asked to reply."""
    if not claimed.facts.get("version"):
        return {}
    links = reply_links(claimed.facts["place"], claimed.facts["version"])
    return {place_of(claimed.target_id, answer): link for answer, link in links.items()}


def fill(content, claimed) -> bytes:
    """The bytes of a quoted-printable email with the links of its readers in their places."""
    for one in (claimed, *claimed.others):
        for place, link in links_of(one).items():
            content = insert_link(content, place, link)
    return content


def as_read(text, claimed):
    """An ``EmailContent`` with the links of the reader in its plain text."""
    plain = text.plain
    for place, link in links_of(claimed).items():
        plain = plain.replace(place, link)
    return replace(text, plain=plain)


def with_links(text, claimed):
    """An ``EmailContent`` with the links of one reader, for a line of their digest."""
    found = links_of(claimed)
    return replace(text, links=tuple((word, found.get(url, url)) for word, url in text.links))

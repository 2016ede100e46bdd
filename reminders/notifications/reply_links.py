"""The links by which one reader says whether they come, in a mail that is written for all readers of a kind."""

from dataclasses import replace

from engagements.presenters.replies import ANSWERS, reply_links
from outbox.content import insert_link

PERSONAL = ("place", "version")
"""What the facts of a claimed message say for these links alone: whose place it is, at which version."""


def place_of(engagement_id, answer):
    """Where the link of one reader goes. It begins a line of HTML, as ``preferences.links.PLACE`` does."""
    return f"https://reply.invalid/{engagement_id}/{answer}/"


def answers_to(engagement_id):
    """The words of the answers, each with the place of its link."""
    return [(word, place_of(engagement_id, answer)) for answer, word in ANSWERS]


def links_of(claimed):
    """{place: link} of the reader of a claimed message; {} where no reply is asked of them."""
    if not claimed.facts.get("version"):
        return {}
    links = reply_links(claimed.facts["place"], claimed.facts["version"])
    return {place_of(claimed.target_id, answer): link for answer, link in links.items()}


def fill(content, claimed) -> bytes:
    """The bytes of a quoted-printable mail with the links of its reader in their places."""
    for one in (claimed, *claimed.others):
        for place, link in links_of(one).items():
            content = insert_link(content, place, link)
    return content


def as_read(text, claimed):
    """The plain words of an ``EmailContent`` with the links of the reader."""
    plain = text.plain
    for place, link in links_of(claimed).items():
        plain = plain.replace(place, link)
    return replace(text, plain=plain)


def with_links(text, claimed):
    """An ``EmailContent`` that is this reader's alone, as a line of a digest is: with their links."""
    found = links_of(claimed)
    return replace(text, links=tuple((word, found.get(url, url)) for word, url in text.links))

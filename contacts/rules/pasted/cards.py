"""Reads people from vCards (RFC 6350), as phones and address books export them: the facts that a contact has here."""

from contacts.rules.pasted.people import PEOPLE_AT_ONCE, make_person


def has_cards(lines):
    """Whether there is a vCard in ``lines``."""
    return any(line.strip().upper() == "BEGIN:VCARD" for line in lines)


def read_cards(lines):
    """The people of the cards. Lines outside the cards are skipped."""
    people, card = [], None
    for line in _unfolded(lines):
        if len(people) > PEOPLE_AT_ONCE:
            break
        head, _, value = line.partition(":")
        name = head.partition(";")[0].rpartition(".")[2].strip().upper()
        if name == "BEGIN":
            card = {}
        elif name == "END" and card is not None:
            people += _read_card(card)
            card = None
        elif card is not None and value.strip():
            card.setdefault(name, value.strip())
    return people + (_read_card(card) if card else [])


def _read_card(card):
    """A list with the person of a card, or an empty one where the card has neither name nor email."""
    family, given, more, title, honours = (_parts(card.get("N", "")) + [""] * 5)[:5]
    name = " ".join(filter(None, [title, given, more, family, honours])) or " ".join(_parts(card.get("FN", "")))
    email = card.get("EMAIL", "").removeprefix("mailto:")
    if not name and not email:
        return []
    facts = {"organisation": ", ".join(filter(None, _parts(card.get("ORG", ""))[:1])), "text": name or email}
    return [make_person(name=name, email=email, job_title=", ".join(_parts(card.get("TITLE", ""))), **facts)]


def _unfolded(lines):
    """The lines, unfolded: a line that begins with a space or a tab continues the one before."""
    whole = []
    for line in lines:
        if line[:1] in (" ", "\t") and whole:
            whole[-1].append(line[1:])
        else:
            whole.append([line])
    return ["".join(parts) for parts in whole]


def _parts(value):
    """The parts of a value between semicolons, without the escapes of the format."""
    marked = (
        value.replace("\\\\", "\0").replace("\\;", "\1").replace("\\,", ",").replace("\\n", " ").replace("\\N", " ")
    )
    return [part.replace("\1", ";").replace("\0", "\\").strip() for part in marked.split(";")]

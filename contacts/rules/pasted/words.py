"""The words that distinguish organisations, jobs, headings and sections of a meeting from names (``words.toml``)."""

import re
import tomllib
from pathlib import Path

CAME, APOLOGIES, ABSENT, NOT_SAID = "came", "apologies", "absent", ""


def listed(text):
    """The words of a comma-separated list, as the keys of a dict, in order."""
    return dict.fromkeys(word.strip() for word in text.replace("\n", " ").split(","))


def _by_word(lists):
    return {word: what for what, text in lists.items() for word in listed(text)}


_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())

ORGANISATION = frozenset(listed(_LISTS["organisation"]))
ALSO_WORK = frozenset(listed(_LISTS["also_work"]))
JOB_FIRST = frozenset(listed(_LISTS["job_first"]))
JOB = frozenset(listed(_LISTS["job"]))
MEETING_ROLES = frozenset(listed(_LISTS["meeting_roles"]))
NOISE = frozenset(listed(_LISTS["noise"]))
NO_PEOPLE = frozenset(listed(_LISTS["no_people"]))
SHARED_MAILBOXES = frozenset(listed(_LISTS["shared_mailboxes"]))
PARTICLES = frozenset(listed(_LISTS["particles"]))
SECTIONS = _by_word(_LISTS["sections"])
"""{heading of a list of people: their attendance}."""
ANSWERS = _by_word(_LISTS["answers"])
"""{value in a column of attendance: the attendance}."""
HEADINGS = _by_word(_LISTS["columns"])
"""{heading of a column: the column that it means}."""

_BRACKETED = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")


def plain(text):
    """``text`` in lower case with single spaces, without dots, dashes and similar signs around it."""
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .:*_-–—,;|")


def plain_heading(text):
    """The words of a heading without brackets: "Name (Original Name)" is a name, "Attendees (12)" are attendees."""
    words = plain(text)
    return words if words in HEADINGS else plain(_BRACKETED.sub(" ", words))


def _tokens(text):
    return [
        word.strip(".,()'’\"") for word in text.casefold().replace("’s", "").replace("'s", "").replace("/", " ").split()
    ]


def is_organisation(text, *, surely=False):
    """Whether ``text`` reads like the name of an organisation.

    With ``surely``, words that also occur in job titles do not count.
    """
    words = [word for word in _tokens(text) if not (surely and word in ALSO_WORK)]
    return bool(words) and not (words[0] in JOB_FIRST and is_job(text)) and any(word in ORGANISATION for word in words)


def is_job(text):
    """Whether ``text`` reads like a job title."""
    words = _tokens(text)
    if not words or not any(word in JOB for word in words):
        return False
    return words[0] in JOB_FIRST or words[0] in JOB or words[-1] not in ORGANISATION


def is_sentence(parts):
    """Whether most of ``parts``, words, are in lower case."""
    small = [word for word in parts if word[:1].islower() and word.casefold() not in PARTICLES]
    return len(small) * 2 > len(parts)


def is_person(text):
    """Whether ``text`` reads like the name of one person: two to six words that begin with capitals, or particles."""
    parts = text.split()
    if not 2 <= len(parts) <= 6 or is_organisation(text) or is_job(text):
        return False
    return all(_begins_large(word) or word.casefold().strip("'’") in PARTICLES - {"and", "of", "the"} for word in parts)


def is_first_name(text):
    """Whether ``text`` could stand after a surname and a comma: one to three words of letters."""
    parts = text.split()
    if not 1 <= len(parts) <= 3 or is_organisation(text) or is_job(text):
        return False
    return all(_begins_large(word) for word in parts) and not (text.isupper() and len(text) > 2)


def is_surname(text):
    """Whether ``text`` could be a surname: one capitalised word, with or without particles."""
    parts = [word for word in text.split() if word.casefold() not in PARTICLES]
    return len(parts) == 1 and _begins_large(parts[0]) and not is_organisation(text)


def _begins_large(word):
    word = word.lstrip("'’\"“(")
    return bool(word) and word[0].isalpha() and not word[0].islower() and not any(sign.isdigit() for sign in word)

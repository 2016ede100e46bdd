"""Reads the pieces of a line: a name, the brackets after it, and fields with a job title and an organisation."""

import csv
import re
from dataclasses import dataclass

from contacts.rules.names import is_honours
from contacts.rules.pasted import words

# An address is searched for only where a word begins, so that each word is read once.
ADDRESS = re.compile(
    r"<?\[?\(?(?:(?<![^\s<>,;:\"()\[\]|])mailto:)?"
    r"(?<![^\s<>,;:\"()\[\]|])([^\s<>,;:\"()\[\]|@]++@[^\s<>,;:\"()\[\]|]*[^\s<>,;:\"()\[\]|.])[>\])]?(?:<mailto:[^<>\s]*>)?>?"
)
BULLET = re.compile(
    r"(?:[•‣▪▫◦●○·*>✓✔☑☐→➢➤–—\-]|o(?=\s)|\(?\d{1,3}[.)](?!\d)|\(?[a-hA-H][.)](?=\s)|\[[ xX]\]|\d{1,3}\s(?=[A-Z]))\s*"
)
PHONE = re.compile(r"(?:[a-z]{0,9}\s?[:.]?\s?)?[+(]?\d[\d ()./+-]{6,30}(?: ?(?:ext|x)\.? ?\d{1,6})?", re.IGNORECASE)
WEB = re.compile(r"(?:[a-z]{0,9}\s?[:.]\s?)?(?:https?://|www\.)\S*", re.IGNORECASE)
DASH = re.compile(r"\s[-–—―]{1,2}\s|\s?[–—―]\s|\s[–—―]\s?")
AT = re.compile(r"\s(?:at|@)\s")
LABEL = re.compile(
    r"(?:name|e|e-?mail|m|t|p|tel|mob|mobile|phone|job title|title|role|organi[sz]ation|company)\s?:\s", re.I
)


@dataclass
class CellFacts:
    """The facts about one person, collected while a line is read."""

    name: str = ""
    job_title: str = ""
    organisation: str = ""
    email: str = ""
    doubt: str = ""


def tidy(text):
    """``text`` without spaces, commas, semicolons and a pair of quotes around it."""
    text = text.strip(" \t,;")
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].replace('""', '"').strip(" \t,;")
    return text


def split_by(text, delimiter):
    """The tidied fields of ``text``. Fields in double quotes stay whole, and empty ones are left out."""
    row = (
        next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
        if '"' in text
        else text.split(delimiter)
    )
    return [each for each in (tidy(part) for part in row) if each.strip(". ")]


def without_bullet(line):
    """``line`` without the bullet or the number before it."""
    line = line.strip()
    for _ in range(2):
        found = BULLET.match(line)
        rest = line[found.end() :].strip() if found else ""
        if not rest or rest[0] in ",.;":
            break
        line = rest
    return line


def read_name(facts, text):
    """Put the name in ``text`` on ``facts``, and the contents of the brackets after it."""
    text = tidy(text)
    for _ in range(4):
        end = {")": "(", "]": "["}.get(text[-1:])
        start = text.rfind(end) if end else -1
        if start < 0 or (start == 0 and not facts.name):
            break
        read_bracket(facts, text[start + 1 : -1], tidy(text[:start]))
        text = tidy(text[:start])
    if "@" in text and " " not in text:
        facts.email, text = facts.email or text, ""
    facts.name = text


def read_bracket(facts, text, name):
    """Put ``text``, from the brackets after ``name``, on ``facts``: an organisation, a job or an email address.

    A role in the meeting or the initials of ``name`` are skipped.
    """
    said = words.plain(text)
    initials = "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())
    if not said or said in words.MEETING_ROLES or all(part.strip() in words.MEETING_ROLES for part in said.split(",")):
        return
    if "@" in text and " " not in text.strip():
        facts.email = facts.email or text.strip()
    elif text.replace(".", "").strip() not in (initials, initials[::-1]) or not initials:
        read_others(facts, split_by(text, ","), ", ")


def read_others(facts, fields, joint):
    """Sort ``fields``, which follow the name, into job title and organisation. ``joint`` joins several fields."""
    rest = []
    for each in fields:
        said = words.plain(each)
        if PHONE.fullmatch(each) or WEB.fullmatch(each) or said in words.MEETING_ROLES:
            continue
        if is_honours(each):
            facts.name = f"{facts.name} {each.replace(',', ' ')}"
        elif AT.search(each) and not words.is_organisation(AT.split(each)[0]):
            rest += [part.strip() for part in AT.split(each, maxsplit=1)]
        else:
            rest.append(each)
    if not rest:
        return
    jobs = _count_of_jobs(rest)
    facts.job_title = facts.job_title or joint.join(rest[:jobs])
    facts.organisation = facts.organisation or joint.join(rest[jobs:])


def _count_of_jobs(fields):
    """How many of ``fields``, from the first on, are the job title; the others are the organisation.

    Reverses ``fields`` where the organisation comes before the job title.
    """
    if words.is_organisation(fields[0]) or not words.is_job(fields[0]):
        last_is_job = len(fields) == 2 and words.is_job(fields[1]) and not words.is_organisation(fields[1])
        if last_is_job:
            fields.reverse()
            return 1
        return 0
    if len(fields) == 1:
        return 1
    sure = (place for place, each in enumerate(fields) if place and words.is_organisation(each, surely=True))
    likely = (place for place, each in enumerate(fields) if place and words.is_organisation(each))
    return next(sure, None) or next(likely, 1)

"""Reads people from a table with a heading row, for example from a spreadsheet or an export."""

import csv
from itertools import islice

from contacts.rules.names import TITLES
from contacts.rules.pasted import words
from contacts.rules.pasted.cells import CellFacts, read_name, tidy
from contacts.rules.pasted.people import PEOPLE_AT_ONCE, make_person

DELIMITERS = "\t;,|"
LOOKED_AT = 30
"""How many lines are searched for the heading row: exports have some lines about the meeting first."""


def read_table(lines):
    """The people of a table, or None where no line is a heading row."""
    for place, line in enumerate(lines[:LOOKED_AT]):
        for delimiter in DELIMITERS:
            columns = _columns(line, delimiter)
            if columns:
                people = (_read_row(row, columns) for row in _rows(lines[place + 1 :], delimiter))
                return list(islice(filter(None, people), PEOPLE_AT_ONCE + 1))
    return None


def _columns(line, delimiter):
    """The column that each cell of ``line`` names, or None where the line is not a heading row."""
    if delimiter not in line or "@" in line or len(line) > 2_000:
        return None
    cells = [words.plain_heading(cell) for cell in _cells(line, delimiter)]
    columns = [words.HEADINGS.get(cell, "") for cell in cells]
    known = [column for column in columns if column]
    names_somebody = {"name", "first", "last", "email"} & set(known)
    if not names_somebody or len(known) < 2 or len(known) * 2 < len([cell for cell in cells if cell]):
        return None
    return columns


def _cells(line, delimiter):
    return next(csv.reader([line.strip("|") if delimiter == "|" else line], delimiter=delimiter), [])


def _rows(lines, delimiter):
    """The rows below the heading. A cell in quotes may span several lines."""
    lines = [line.strip("| ") if delimiter == "|" else line for line in lines]
    try:
        return list(csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # An unclosed quotation mark makes one cell of everything that follows.
        return [_cells(line.replace('"', ""), delimiter) for line in lines]


def _read_row(cells, columns):
    """The person of a row, or None where it has neither a name nor an email."""
    values = {}
    for column, cell in zip(columns, cells, strict=False):
        cell = " ".join(cell.split())
        if column and cell and words.plain(cell) not in ("n/a", "-", ""):
            values.setdefault(column, tidy(cell))
    facts = CellFacts(email=values.get("email", ""))
    name = values.get("name", "")
    if values.get("first") or values.get("last"):
        name = " ".join(filter(None, [values.get("first", ""), values.get("last", "")]))
    read_name(facts, name)
    if not any(sign.isalnum() for sign in facts.name + facts.email):
        return None
    title, job = values.get("title", ""), values.get("job_title", "")
    if title and not all(word.strip(".").casefold() in TITLES for word in title.split()):
        title, job = "", job or title
    if words.plain(job) in words.MEETING_ROLES:
        job = ""
    return make_person(
        name=" ".join(filter(None, [title, facts.name, values.get("honours", "")])),
        email=facts.email,
        job_title=job or facts.job_title,
        organisation=values.get("organisation", "") or facts.organisation,
        attendance=words.ANSWERS.get(words.plain(values.get("attendance", "")), words.NOT_SAID),
        text=" · ".join(values.values()),
    )

"""The rows of the table in which pasted people are checked. Every cell can be edited; a row shows what is wrong."""

from collections import Counter
from dataclasses import dataclass

from contacts.operations import PersonEntry
from contacts.presenters.matching import Match
from contacts.rules.names import split_name
from contacts.rules.pasted import NAME_LENGTH, PastedPerson
from contacts.rules.pasted.people import JOB_LENGTH, is_email
from records.limits import NAME_TYPED
from records.names import clean_name

NEW, ANOTHER, LEFT_OUT = "new", "another", "out"
"""Choices of a row: a new person, another person of a known name, or nobody.

With ``NEW``, the address book had nobody of that name when the row was shown.
"""
CELLS = ("name", "job_title", "organisation", "email", "attendance", "choice", "shown", "text", "doubt")
"""The values submitted for each row. ``shown`` is the name as the page showed it, before any edit."""
ATTENDANCE = {"came": "Attended", "apologies": "Sent apologies", "absent": "Did not attend"}
LIMITS = {"name": NAME_LENGTH, "job_title": JOB_LENGTH, "organisation": NAME_LENGTH, "email": 254}


@dataclass
class PastedPersonRow:
    """One person to check: ``match`` has the people they may be, ``choice`` the one that is chosen.

    ``choice`` is the key of a person, ``NEW``, ``ANOTHER``, ``LEFT_OUT``, or "" for none yet.
    """

    index: str
    pasted: PastedPerson
    choice: str = ""
    match: Match | None = None
    note: str = ""
    error: str = ""
    typed_name: str = ""
    typed_email: str = ""
    shown: str = ""

    @property
    def name(self):
        """The name in its cell, with titles and honours."""
        return self.typed_name or self.pasted.full

    @property
    def email(self):
        """The email in its cell, even where it is not a valid address."""
        return self.typed_email or self.pasted.email

    @property
    def person(self):
        """The person of the address book who is chosen, or None."""
        return next((person for person in self.match.people if str(person.pk) == self.choice), None)

    @property
    def is_in_doubt(self):
        """Whether somebody has to check the row."""
        return bool(self.match.doubt)

    @property
    def is_new_organisation(self):
        """Whether a new person would bring a new organisation."""
        return bool(self.pasted.organisation and not self.match.organisation)

    @property
    def new_choice(self):
        """The choice that means a new person; "" where the person cannot be new."""
        if not self.match.can_be_new:
            return ""
        return ANOTHER if self.match.people else NEW

    @property
    def attendances(self):
        """(value, word, whether it is chosen) of each attendance; none where nothing was said of attendance."""
        chosen = self.pasted.attendance
        return [(value, word, value == chosen) for value, word in ATTENDANCE.items()] if chosen else []

    @property
    def likely_choice(self):
        """The likely choice: the person who stands out in the contacts, else a new person; "" in doubt."""
        if self.match.likely:
            return str(self.match.likely.pk)
        return "" if self.is_in_doubt or self.match.people else NEW

    def check(self):
        """Set ``error`` where something is missing or wrong in a submitted row, and correct an outdated ``choice``."""
        if self.choice == LEFT_OUT:
            return
        if self.choice in (NEW, ANOTHER) and not self.match.can_be_new:
            # Somebody got this email after the row was shown: they are the person meant.
            self.choice = self.likely_choice
        if self.choice == NEW and self.match.people and self.typed_name != self.shown:
            # The name was edited into that of somebody known. A name that was not edited is known only because the same
            # form was sent before, so that is not asked about.
            self.choice = ""
        if not self.pasted.name:
            self.error = "Enter a name."
        elif self.choice not in (NEW, ANOTHER) and not self.person:
            self.choice, self.error = "", f"Select who “{self.pasted.name[:80]}” is."
        elif not self.person:
            self.error = self._wrong_with_cells()

    def _wrong_with_cells(self):
        """An error message about the cells of a new person, or ""."""
        if self.typed_email and not is_email(self.typed_email):
            return f"Enter an email address for {self.pasted.name}, like name@example.com, or leave it blank."
        for cell, most in LIMITS.items():
            if len(getattr(self.pasted, cell)) > most:
                return f"The {cell.replace('_', ' ')} must be {most} characters or fewer."
        return ""

    def entry(self):
        """The ``PersonEntry`` to save, or None for a row that is left out."""
        if self.choice == LEFT_OUT:
            return None
        pasted, organisation = self.pasted, self.match.organisation
        if self.person:
            return PersonEntry(person=self.person, attendance=pasted.attendance)
        return PersonEntry(
            name=pasted.name,
            title=pasted.title,
            honours=pasted.honours,
            job_title=pasted.job_title,
            organisation=organisation,
            organisation_name="" if organisation else pasted.organisation,
            email=pasted.email,
            attendance=pasted.attendance,
        )


def row_of(index, cells) -> PastedPersonRow:
    """Build a row from the submitted ``cells``: {name in ``CELLS``: text}."""
    cells = {name: clean_name(value[:NAME_TYPED].replace("\0", "")) for name, value in cells.items()}
    parts = split_name(cells["name"])
    pasted = PastedPerson(
        name=parts.name,
        title=parts.title[:60],
        honours=parts.honours[:100],
        job_title=cells["job_title"],
        organisation=cells["organisation"],
        email=cells["email"] if is_email(cells["email"]) else "",
        attendance=cells["attendance"] if cells["attendance"] in ATTENDANCE else "",
        text=cells["text"],
        doubt=cells["doubt"][:200],
    )
    typed = {"typed_name": cells["name"], "typed_email": cells["email"], "shown": cells["shown"]}
    return PastedPersonRow(index, pasted, cells["choice"], **typed)


def summary_of(rows):
    """How many people the rows are: "12 people: 1 already in contacts, 9 new. 2 to check."."""
    counts = Counter("known" if row.person else row.choice for row in rows)
    count = "1 person" if len(rows) == 1 else f"{len(rows)} people"
    parts = [f"{counts['known']} already in contacts", f"{counts[NEW] + counts[ANOTHER]} new"]
    parts += [f"{counts[LEFT_OUT]} skipped"] if counts[LEFT_OUT] else []
    check = f" {counts['']} to check." if counts[""] else ""
    return f"{count}: {', '.join(parts)}.{check}"

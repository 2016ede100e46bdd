"""One row of the table in which pasted people are checked: every cell can be edited, and says what is wrong with it."""

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
"""A new person, of whose name nobody was known when the row was shown; another one of that name; nobody."""
CELLS = ("name", "job_title", "organisation", "email", "attendance", "choice", "shown", "text", "doubt")
"""What a browser sends of each row; ``shown`` is the name as the page showed it, before anybody edited it."""
ATTENDANCE = {"came": "Attended", "apologies": "Sent apologies", "absent": "Did not attend"}
LIMITS = {"name": NAME_LENGTH, "job_title": JOB_LENGTH, "organisation": NAME_LENGTH, "email": 254}


@dataclass
class PersonRow:
    """One person to be checked: who they may be, and what is chosen: a key, ``new``, ``out`` or nothing yet."""

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
        """The name as it stands in its cell: with titles and honours."""
        return self.typed_name or self.pasted.full

    @property
    def email(self):
        """The email as it stands in its cell, if it is none as well."""
        return self.typed_email or self.pasted.email

    @property
    def person(self):
        """The one of the address book that is chosen, or None."""
        return next((person for person in self.match.people if str(person.pk) == self.choice), None)

    @property
    def is_in_doubt(self):
        """Whether somebody has to look at it."""
        return bool(self.match.doubt)

    @property
    def is_new_organisation(self):
        """Whether a new person would bring a new organisation."""
        return bool(self.pasted.organisation and not self.match.organisation)

    @property
    def new_choice(self):
        """What a browser sends for a new person; nothing where they cannot be new."""
        if not self.match.can_be_new:
            return ""
        return ANOTHER if self.match.people else NEW

    @property
    def attendances(self):
        """(value, word, whether it is chosen) of what can be said of their attendance, if anything was."""
        chosen = self.pasted.attendance
        return [(value, word, value == chosen) for value, word in ATTENDANCE.items()] if chosen else []

    @property
    def likely_choice(self):
        """The sensible one: who stands out in the contacts, else a new person; nothing where there is a doubt."""
        if self.match.likely:
            return str(self.match.likely.pk)
        return "" if self.is_in_doubt or self.match.people else NEW

    def check(self):
        """Say what is missing or wrong in a row as a browser sent it."""
        if self.choice == LEFT_OUT:
            return
        if self.choice in (NEW, ANOTHER) and not self.match.can_be_new:
            # The email went to somebody since the row was shown: that is who is meant.
            self.choice = self.likely_choice
        if self.choice == NEW and self.match.people and self.typed_name != self.shown:
            # Edited into the name of somebody known. What was sent twice is not asked about: the first made them known.
            self.choice = ""
        if not self.pasted.name:
            self.error = "Enter a name."
        elif self.choice not in (NEW, ANOTHER) and not self.person:
            self.choice, self.error = "", f"Select who “{self.pasted.name[:80]}” is."
        elif not self.person:
            self.error = self._wrong_with_cells()

    def _wrong_with_cells(self):
        """What is wrong with the facts of a new person, or an empty text."""
        if self.typed_email and not is_email(self.typed_email):
            return f"Enter an email address for {self.pasted.name}, like name@example.com, or leave it blank."
        for cell, most in LIMITS.items():
            if len(getattr(self.pasted, cell)) > most:
                return f"The {cell.replace('_', ' ')} must be {most} characters or fewer."
        return ""

    def entry(self):
        """What is to be saved, or None for one left out."""
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


def row_of(index, cells) -> PersonRow:
    """The row that a browser sent: what stands in each cell (``CELLS``)."""
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
    return PersonRow(index, pasted, cells["choice"], **typed)


def summary_of(rows):
    """How many people the rows are: "12 people: 1 already in contacts, 9 new. 2 to check."."""
    counts = Counter("known" if row.person else row.choice for row in rows)
    count = "1 person" if len(rows) == 1 else f"{len(rows)} people"
    parts = [f"{counts['known']} already in contacts", f"{counts[NEW] + counts[ANOTHER]} new"]
    parts += [f"{counts[LEFT_OUT]} skipped"] if counts[LEFT_OUT] else []
    check = f" {counts['']} to check." if counts[""] else ""
    return f"{count}: {', '.join(parts)}.{check}"

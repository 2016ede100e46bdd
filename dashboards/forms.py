"""The form that reads a period from the address of a page."""

from django import forms

from dashboards.periods.presets import MOST_YEARS, SINCE_COMMITTEE, UnknownPeriodError, is_too_long
from dashboards.queries import figures
from pages.error_messages import PlainMessages
from pages.fields import date_field
from records.limits import OUT_OF_REACH

NAMES = ("period", "from", "to")


class PeriodForm(PlainMessages, forms.Form):
    """The period that a page counts: given by name (dashboards/periods/presets.py), by its first and last day, or not.

    ``calendar`` is the agreement's ``PeriodPresets``. ``engagements()`` returns the engagements among which the last
    committee meeting is found; it is called only if the period since then is asked for.
    """

    period = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": "This is not the name of a period."}
    )

    def __init__(self, data, *, calendar, engagements):
        # HTML cannot hold NUL. It is replaced by the character for unknown ones, which makes the value just as wrong.
        super().__init__({name: data.get(name, "").replace("\0", "�") for name in (*NAMES, *self.declared_fields)})
        # ``from`` is a keyword of Python, so the class body cannot declare this field.
        self.fields |= {"from": _day("From"), "to": _day("To")}
        self.given_twice = [name for name in NAMES if len(data.getlist(name)) > 1]
        self.calendar, self.engagements = calendar, engagements
        self.asked = None
        self.is_valid()

    def clean(self):
        """Set ``asked``, the period that the address asks for. At most one problem is reported at a time."""
        if self.given_twice:
            self.add_error(self.given_twice[0], "This stands in the address more than once.")
        name, first, last = (self.cleaned_data.get(part) for part in NAMES)
        if not self.problems:
            try:
                self.asked = self._of_name(name, first or last) if name else self._of_days(first, last)
            except UnknownPeriodError as problem:
                self.add_error("period", str(problem))
        return self.cleaned_data

    def _of_name(self, name, has_days):
        if has_days:
            raise UnknownPeriodError(
                "The address gives a period by its name and by its dates; only one of them can be."
            )
        if name != SINCE_COMMITTEE:
            return self.calendar.named(name)
        held_on = figures.last_committee(self.engagements(), self.calendar.today, MOST_YEARS)
        if held_on is None:
            raise UnknownPeriodError("No committee meeting is on record as held before today.")
        return self.calendar.since_committee(held_on)

    def _of_days(self, first, last):
        if not (first or last):
            return None
        period = self.calendar.days(first, last)
        if period.last < period.first:
            self.add_error("to", "The last day is before the first.")
        elif is_too_long(*period.days):
            self.add_error("to", f"A period spans at most {MOST_YEARS} years.")
        return None if self.problems else period

    @property
    def problems(self):
        """{name of a field: its errors}, for the fields of the period that have errors."""
        return {name: self.errors[name] for name in NAMES if name in self._errors}

    @property
    def shown(self):
        """The period asked for, else the default of the agreement."""
        return self.asked or self.calendar.default


def _day(label):
    wrong = {"invalid": "This is not a date. Write it like 2026-05-12.", "min_value": OUT_OF_REACH}
    return date_field(label=label, required=False, error_messages=wrong | {"max_value": OUT_OF_REACH})

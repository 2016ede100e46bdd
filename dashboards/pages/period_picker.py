"""The choice of a period at the top of a page: the options, the chosen period, and errors in the address."""

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import zip_longest
from urllib.parse import urlencode

from django.utils import timezone

from dashboards.forms import PeriodForm
from dashboards.periods.period import days_in_words
from dashboards.periods.presets import SINCE_COMMITTEE
from dashboards.queries import figures
from pages.words import date_in_words


@dataclass(frozen=True)
class Option:
    """One of the periods to choose: its name (``label``), its days in words, and its address."""

    label: str
    days: str
    url: str
    is_chosen: bool


class PeriodPicker:
    """The period that ``request`` asks for (``form_class`` reads it), and the other periods to choose from.

    ``whole`` is the label for all time, on a page that shows that by default. ``kept`` names the parameters of the
    address that stay when another period is chosen.
    """

    def __init__(self, request, form_class=PeriodForm, whole="", kept=()):
        agreement = request.access.agreement
        self.calendar = figures.calendar(agreement, timezone.localdate())
        engagements = partial(figures.engagements_of, request.user, agreement)
        self.form = form_class(request.GET, calendar=self.calendar, engagements=engagements)
        self.whole = whole
        self.kept = {name: request.GET[name] for name in kept if request.GET.get(name)}

    @property
    def asked(self):
        """The period asked for; None where the address asks for none, or has errors."""
        return self.form.asked

    @property
    def shown(self):
        """The period that the page counts."""
        return self.form.shown

    @property
    def is_default(self):
        """Whether the page shows its default."""
        return not self.asked or (not self.whole and self.asked.days == self.calendar.default.days)

    @property
    def drawn_as(self):
        """The cache key of the control if no period is asked for, as it is the same for everyone then; else None."""
        is_plain = not (self.asked or self.kept or self.form.problems)
        return f"{self.calendar} {self.whole}" if is_plain else None

    @property
    def label(self):
        """The name of the period shown."""
        if self.whole and not self.asked:
            return self.whole
        return self._named(self.shown).label

    @property
    def days(self):
        """The first and last day shown, in words; "" where the label has them, or for all time."""
        days = "" if self.whole and not self.asked else days_in_words(*self.shown.days)
        return "" if days == self.label else days

    @property
    def query(self):
        """The query of an address that asks for the period shown; "" for the default of the page."""
        return "" if self.is_default else self.link

    @property
    def link(self):
        """The query of an address that asks for the period shown, for a page with another default."""
        return f"?{urlencode(self.shown.query)}"

    @property
    def trouble(self):
        """The errors in the period of the address, and the period shown instead, in words; "" without errors."""
        said = [
            f"{self.form.fields[name].label}: {error}" if name != "period" else error
            for name, errors in self.form.problems.items()
            for error in errors
        ]
        instead = f"{self.whole} is shown instead." if self.whole else self.calendar.default_in_words
        return " ".join([*said, instead]) if said else ""

    @property
    def has_wrong_days(self):
        """Whether one of the two date fields has an error."""
        return bool(self.form.problems.keys() & {"from", "to"})

    @property
    def days_fields(self):
        """The two date fields, with the typed values or else the days shown."""
        shown = [] if self.whole and not self.asked else [day.isoformat() for day in self.shown.days]
        for name, day in zip_longest(("from", "to"), shown, fillvalue=""):
            field = self.form[name]
            yield {"name": name, "label": field.label, "errors": field.errors, "value": field.value() or day}

    @property
    def usual(self):
        """The option for the page's default."""
        return self.options[0]

    @cached_property
    def options(self):
        """The periods to choose by name. The last committee meeting is queried only if that period is shown."""
        unasked = [Option(self.whole, "", self._address({}), not self.asked)] if self.whole else []
        periods = [self._option(period) for period in self.calendar.offered]
        is_since = self.shown.key == SINCE_COMMITTEE
        since = f"from {date_in_words(self.shown.first)}" if is_since else "from the day after it"
        url = self._address({"period": SINCE_COMMITTEE})
        return [*unasked, *periods, Option("Since the last committee meeting", since, url, is_since)]

    def _option(self, period):
        is_unasked = period == self.calendar.default and not self.whole
        is_chosen = period.days == self.shown.days and not self.shown.since and (self.asked or not self.whole)
        url = self._address({} if is_unasked else period.query)
        return Option(period.label, days_in_words(*period.days), url, bool(is_chosen))

    def _named(self, period):
        """The named period that has the same days as ``period``, where that was given by dates; else ``period``."""
        same = (one for one in self.calendar.offered if not period.key and one.days == period.days)
        return next(same, period)

    def _address(self, query):
        return f"?{urlencode(self.kept | query)}"

"""The part of a new engagement's form that says whether it repeats, and how often."""

from itertools import islice

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone

from engagements.forms.initial import series_like
from engagements.forms.series import AFTER, EVERY, RecurrenceForm, places_in_month
from engagements.models import Engagement
from engagements.models.series import LONGEST
from engagements.rules.recurrence import MOST

PREFIX = "repeat"
NOT = "no"
TIMES = 12
"""The default number of dates."""


class RepeatsForm(RecurrenceForm):
    """How often a new engagement is repeated. Where it is not, all other fields are ignored.

    ``engagement`` is the new one, with the values that its form has set so far; ``day`` is its day, or None for today.
    """

    def __init__(self, data, engagement, day):
        self.engagement, self.day = engagement, day or timezone.localdate()
        super().__init__(data, series=self._series(), first_day=self.day, prefix=PREFIX)
        every = self.fields["every"]
        every.label, every.choices, every.required = "Repeats", [(NOT, "Does not repeat"), *EVERY], False
        self.fields["end"].label, self.fields["on_free_days"].label = "Ends", "If a date is a bank holiday"
        self.initial |= {"every": NOT, "end": AFTER, "count": TIMES}

    def _series(self):
        engagement = self.engagement
        first = Engagement(agreement=engagement.agreement, starts_on=self.day)
        for name in ("title", "kind", "start_time", "end_time", "time_zone"):
            setattr(first, name, getattr(engagement, name))
        return series_like(first)

    @property
    def is_chosen(self):
        """Whether it repeats."""
        return self.is_bound and self.data.get(f"{PREFIX}-every", NOT) in dict(EVERY)

    @property
    def more_dates(self):
        """The number of dates beyond those shown in the preview; 0 for a series without an end."""
        series = self.changed
        if not (series.count or series.ends_on):
            return 0
        today = timezone.localdate()
        coming = (one for one in islice(series.occurrences(), MOST) if one.day >= today)
        return sum(1 for one in coming if not one.is_left_out) - sum(
            1 for line in self.preview.lines if not line.is_left_out
        )

    def full_clean(self):
        """Validate the fields only where the engagement repeats."""
        if self.is_bound and not self.is_chosen:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        self.series = self._series()
        self.fields["on"].choices = places_in_month(self.day)
        super().full_clean()

    def clean(self):
        """Check the rule, and refuse to repeat a meeting that lasts longer than ``LONGEST`` days."""
        cleaned = super().clean()
        last = self.engagement.ends_on
        if last and (last - self.day).days + 1 > LONGEST:
            self.add_error("every", f"A meeting that repeats lasts at most {LONGEST} days.")
        return cleaned


def day_of(form):
    """The day entered in the form of an engagement, or None."""
    try:
        return form.fields["starts_on"].to_python(form["starts_on"].value())
    except (ValidationError, ValueError):
        return None

"""The form of how often a series meets, with a preview of its dates, and the form that stops a series."""

from copy import copy
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.models.series import FreeDays
from engagements.operations.series import MOST_PAST, coming_dates, past_dates, rule_of, skipped_times
from engagements.presenters.series_preview import Preview
from engagements.rules.recurrence import MOST, WEEKDAYS, days, in_words, nth, pattern_of, rule_for
from engagements.rules.recurrence import NTH as IN_WORDS
from pages.error_messages import PlainMessages
from pages.fields import date_field
from pages.forms import SeesConflicts
from pages.words import date_in_words, ordinal
from records.edit_conflicts import as_text, mark

AS_IS = "as_is"
EVERY = [
    ("week", "Every week"),
    ("fortnight", "Every two weeks"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("half_year", "Every half-year"),
    ("year", "Every year"),
]
NEVER, ON, AFTER = "never", "on", "after"
ENDS = [(NEVER, "With no end"), (ON, "Until a date"), (AFTER, "So many times")]
LEAVE, RECORD = "leave", "record"


def places_in_month(day):
    """Choices for the place of ``day`` in its month: the second Thursday, the last Thursday, the 10th, the last day."""
    weekday = WEEKDAYS[day.weekday()]
    return [
        ("weekday", f"The {IN_WORDS[nth(day)]} {weekday}"),
        ("last", f"The last {weekday}"),
        ("day", f"The {ordinal(day.day)}"),
        ("last_day", "The last day of the month"),
    ]


class RecurrenceForm(PlainMessages, SeesConflicts):
    """How often ``series`` meets. Once it is valid, ``changed`` is a copy with the choices; nothing is saved here.

    ``stored`` is the series as it is saved, where there is one. ``first_day`` is given where the series begins with an
    engagement: the form then has no field for the first date, and asks about dates that have passed.
    """

    mark_optional = False

    first_day = date_field(label="First date", error_messages={"required": "Give the first date."})
    every = forms.ChoiceField(label="How often", choices=EVERY, widget=forms.RadioSelect)
    on = forms.ChoiceField(label="On", widget=forms.RadioSelect, required=False)
    end = forms.ChoiceField(label="Until when", choices=ENDS, widget=forms.RadioSelect)
    ends_on = date_field(label="Last date", required=False)
    count = forms.IntegerField(
        label="How many times", required=False, min_value=1, max_value=MOST, help_text="The first one counts."
    )
    on_free_days = forms.ChoiceField(
        label="Where a date is a bank holiday",
        choices=FreeDays.choices,
        widget=forms.RadioSelect,
        help_text="Or a weekend, where the series goes by the day of the month.",
    )
    past = forms.ChoiceField(
        label="Dates that have passed",
        choices=[(LEAVE, "Leave them out"), (RECORD, "Record them as held")],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, data=None, *, series, stored=None, first_day=None, prefix=None):
        super().__init__(data, prefix=prefix)
        self.series, self.settled_day = series, first_day
        for field in ("every", "end", "on_free_days"):
            self.fields[field].error_messages["required"] = "Choose one of those shown."
        self.initial = self._initial()
        self.fields["seen"].initial = as_text({"rule": mark(rule_of(stored or series))})
        if first_day:
            del self.fields["first_day"]
        else:
            del self.fields["past"]
        if self.initial["every"] == AS_IS:
            self.fields["every"].choices = [(AS_IS, f"As it is: {in_words(series.rule)}"), *EVERY]
        self.fields["on"].choices = places_in_month(self._day_shown())

    def _initial(self):
        series = self.series
        every, on = pattern_of(series.rule) or (AS_IS, "weekday")
        return {
            "first_day": series.first_day,
            "every": every,
            "on": on,
            "end": ON if series.ends_on else AFTER if series.count else NEVER,
            "ends_on": series.ends_on,
            "count": series.count,
            "on_free_days": series.on_free_days,
        }

    def _day_shown(self):
        """The day for which ``places_in_month`` gives the choices."""
        if self.settled_day or not self.is_bound:
            return self.settled_day or self.series.first_day
        try:
            return self.fields["first_day"].clean(self.data.get("first_day", ""))
        except ValidationError:
            return self.series.first_day

    def clean(self):
        """Set the choices on a copy of the series, and check that they give dates, the first day among them."""
        cleaned = super().clean()
        self.changed = copy(self.series)
        first_day = self.settled_day or cleaned.get("first_day")
        self._check_end(cleaned, first_day)
        if self.errors:
            return cleaned
        self.changed.first_day, self.changed.on_free_days = first_day, cleaned["on_free_days"]
        self.changed.ends_on = cleaned["ends_on"] if cleaned["end"] == ON else None
        self.changed.count = cleaned["count"] if cleaned["end"] == AFTER else None
        if cleaned["every"] != AS_IS:
            self.changed.rule = rule_for(cleaned["every"], cleaned.get("on") or "weekday", first_day)
        self._check_dates(first_day)
        if not self.errors:
            self._check_past(cleaned)
        if not self.errors:
            self._check_clocks()
        return cleaned

    def _check_clocks(self):
        """Refuse dates on which the clocks skip the time of the meeting."""
        recorded = past_dates(self.changed) if self.records_past else []
        if sentence := next(skipped_times(self.changed, [*recorded, *coming_dates(self.changed)]), None):
            self.add_error(None, f"{sentence} Choose other dates, or change the time of the meetings first.")

    def _check_end(self, cleaned, first_day):
        if cleaned.get("end") == ON and "ends_on" not in self.errors:
            if not cleaned.get("ends_on"):
                self.add_error("ends_on", "Give the last date.")
            elif first_day and cleaned["ends_on"] < first_day:
                self.add_error("ends_on", f"This is before the first date, {date_in_words(first_day)}.")
        if cleaned.get("end") == AFTER and "count" not in self.errors and not cleaned.get("count"):
            self.add_error("count", "Say how many times.")
        if not self.settled_day and first_day and first_day < timezone.localdate():
            self.add_error("first_day", "This day has passed: choose today or a later day.")

    def _check_dates(self, first_day):
        if next(days(self.changed.rule, first_day), None) != first_day:
            place = dict(self.fields["on"].choices).get(self.cleaned_data.get("on"), "")
            place = f"{place[:1].lower()}{place[1:]} of its month".replace("of the month of its", "of its")
            field = "on" if self.cleaned_data["every"] != AS_IS else "first_day" if "first_day" in self.fields else None
            place = place if field == "on" else "a day of the rule"
            self.add_error(
                field, f"{date_in_words(first_day)} is not {place}. Choose another place, or another first date."
            )
            return
        try:
            self.changed.clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                self.add_error(name if name in self.fields else None, sentences)

    def _check_past(self, cleaned):
        """Require a choice about dates that have passed, and refuse to record more than ``MOST_PAST``."""
        self.past_count = len(past_dates(self.changed)) if "past" in self.fields else 0
        if not self.past_count:
            return
        if not cleaned.get("past"):
            number = "1 date has" if self.past_count == 1 else f"{self.past_count} dates have"
            self.add_error("past", f"{number} passed since then: say whether to leave them out or to record them.")
        elif cleaned["past"] == RECORD and self.past_count > MOST_PAST:
            self.add_error(
                "past", f"These are {self.past_count} dates, at most {MOST_PAST} can be recorded: leave them out."
            )

    @property
    def asks_about_past(self):
        """Whether the form asks about dates that have passed."""
        return "past" in self.fields and self.settled_day < timezone.localdate()

    @property
    def records_past(self):
        """Whether dates that have passed are recorded as held."""
        return self.cleaned_data.get("past") == RECORD

    @cached_property
    def preview(self):
        """The ``Preview`` of the choices or, of an unbound form, of the series. None where there are errors."""
        if not self.is_bound:
            return Preview(self.series, keeps_first=bool(self.settled_day))
        wrong = set(self.errors) - {"past"}
        return None if wrong else Preview(self.changed, keeps_first=bool(self.settled_day))


class StopForm(PlainMessages, forms.Form):
    """Whether the dates planned already stay, and the reason for stopping."""

    planned = forms.ChoiceField(
        label="Those planned already",
        choices=[("keep", "They take place"), ("cancel", "Cancel them too")],
        initial="keep",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of those shown.", "invalid_choice": "Choose one of those shown."},
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="It is shown on the page of the series, and on what is cancelled.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

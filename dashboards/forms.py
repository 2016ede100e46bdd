"""What a page of figures can be asked in its address."""

from django import forms

from contacts.models import Organisation
from dashboards.period import Period


class ReachedForm(forms.Form):
    """The days, and the kind of organisation, that the page of organisations reached shows. All may be left out."""

    kind = forms.ChoiceField(
        required=False,
        choices=[("", "Any kind"), *Organisation.Kind.choices],
        error_messages={"invalid_choice": "There is no such kind of organisation, so all kinds are shown."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # ``from`` is no name that a class body could give.
        self.fields |= {"from": _day("From"), "to": _day("To")}

    def clean(self):
        """The days in their order."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", "The last day is before the first, so this agreement year is shown.")
        return self.cleaned_data

    def period_or(self, period):
        """The days asked for; those of ``period`` where none are, or where they cannot be read."""
        if not self.is_valid():
            return period
        first, last = (self.cleaned_data[end] for end in ("from", "to"))
        if not (first or last):
            return period
        return Period(first or min(period.first, last), last or max(period.last, first))


def _day(label):
    words = f"“{label}” is not a date, so this agreement year is shown. Write it like 2026-05-12."
    return forms.DateField(label=label, required=False, error_messages={"invalid": words})

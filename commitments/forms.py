"""The forms of a commitment, of its evidence, and of the plan."""

from django import forms
from django.utils import timezone

from commitments.models import Commitment
from commitments.operations import MEASURE
from commitments.rules.plan import MOST
from engagements.models import Engagement
from pages.error_messages import PlainMessages
from pages.fields import date_field
from pages.forms import RecordForm, SeesConflicts
from pages.words import date_in_words
from partnership.models import AgreementDate, Certainty
from records.edit_conflicts import as_text, mark
from workstreams.models import Workstream

Measure, Kind = Commitment.Measure, Engagement.Kind

PARTS = {
    Measure.RHYTHM: {"rhythm_count": None, "rhythm_period": "", "rhythm_kinds": []},
    Measure.DUE: {"due_on": None},
}
"""{measure: {field that belongs to it: value of the field under any other measure}}."""

NEEDED = {
    "rhythm_count": "Say how many: a whole number, at least 1.",
    "rhythm_period": "Choose in what period.",
    "due_on": "Give the date by which it is due.",
}


class CommitmentForm(RecordForm):
    """A commitment. Only the fields of the chosen measure are kept."""

    mark_optional = False

    rhythm_kinds = forms.MultipleChoiceField(
        label="Of which kinds",
        help_text="None chosen: of any kind.",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    measured_from = date_field(label="Measure applies from", required=False)
    workstreams = forms.ModelMultipleChoiceField(
        Workstream.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    source_url = forms.URLField(
        label="Its web address",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    class Meta:
        model = Commitment
        fields = [
            *("title", "text", "theme", "clause", "given_by", "given_to", "measure", "rhythm_count", "rhythm_period"),
            *("rhythm_kinds", "due_on", "is_illustrative", "measured_from", "certainty", "source", "source_url"),
        ]
        labels = {"is_illustrative": "The number or date is ours, not the agreement's"}
        help_texts = {
            "is_illustrative": "It is then shown as an illustrative target.",
            "certainty": "Stated: it says so. Inferred: it follows. Unclear: one may read it otherwise.",
            "rhythm_count": "",
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "measure": forms.RadioSelect,
            "rhythm_count": forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
            "rhythm_period": forms.RadioSelect,
            "certainty": forms.RadioSelect,
        }

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.agreement = agreement
        self.fields["title"].error_messages["required"] = "Give it a title."
        self.fields["rhythm_period"].choices = Commitment.Period.choices
        self.fields["certainty"].choices = [(key, word.capitalize()) for key, word in Certainty.choices]
        for name, empty in (("given_by", "All parties"), ("given_to", "Each other")):
            self.fields[name].queryset = agreement.parties.all()
            self.fields[name].empty_label = empty
        self.stored = {name: getattr(self.instance, name) for name in MEASURE}
        self.stored_from = self.instance.measured_from if self.instance.pk else None
        self.initial["measured_from"] = None
        self.fields["measured_from"].help_text = self._help_of_day(agreement)
        self._offer_workstreams(agreement)

    def parts_there(self):
        return {"workstreams": list(self.instance.workstreams.all())}

    def _offer_workstreams(self, agreement):
        """Offer the workstreams that are not archived, and those that the commitment has already."""
        workstreams = Workstream.objects.of(agreement)
        mine = self.instance.workstreams.all() if self.instance.pk else Workstream.objects.none()
        self.fields["workstreams"].queryset = workstreams.filter(archived_on=None) | workstreams.filter(pk__in=mine)
        if self.instance.pk:
            self.initial["workstreams"] = list(mine)

    def _help_of_day(self, agreement):
        """The help text of the day, which explains an empty field. Sets ``first_day``.

        For a new commitment an empty day means the start, for a changed measure today.
        """
        effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
        self.first_day = effective.on if effective and effective.on <= timezone.localdate() else timezone.localdate()
        if not self.stored_from:
            return f"Leave empty for {date_in_words(self.first_day)}."
        return (
            "Leave empty to apply a changed measure from today: earlier engagements keep the measure of their time. "
            f"To correct the current measure, enter its day: {date_in_words(self.stored_from)}."
        )

    def clean_measured_from(self):
        """Refuse a future day, and a day before the present measure began."""
        day = self.cleaned_data["measured_from"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Enter today or an earlier day. Change the measure when the new one applies.")
        if day and self.stored_from and day < self.stored_from:
            raise forms.ValidationError(f"Enter {date_in_words(self.stored_from)} or a later day.")
        return day

    def _day_of_measure(self, cleaned):
        """The day from which the measure applies where the field is empty."""
        if not self.stored_from:
            return self.first_day
        is_another = any(name in cleaned and cleaned[name] != self.stored[name] for name in MEASURE)
        return timezone.localdate() if is_another else self.stored_from

    def clean(self):
        """Require the fields of the chosen measure, and empty those of the others."""
        cleaned = super().clean()
        measure = cleaned.get("measure")
        if measure != Measure.DUE:
            self.instance.met_on = None
        for owner, fields in PARTS.items():
            for name, nothing in fields.items():
                if owner != measure:
                    cleaned[name] = nothing
                    self._errors.pop(name, None)
                elif name in NEEDED and name not in self.errors and not cleaned.get(name):
                    self.add_error(name, NEEDED[name])
        if "measured_from" in cleaned:
            cleaned["measured_from"] = cleaned["measured_from"] or self._day_of_measure(cleaned)
        if cleaned.get("given_by") and cleaned["given_by"] == cleaned.get("given_to"):
            self.add_error("given_to", "A party cannot promise something to itself.")
        return cleaned


class EvidenceForm(PlainMessages, forms.Form):
    """Asks why an engagement counts, or does not."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="It is shown beside the engagement. One sentence is enough.",
        error_messages={"required": "Say why: those who read the figures will ask."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MetForm(PlainMessages, forms.Form):
    """Asks for the day on which a promise was kept."""

    met_on = date_field(
        label="Met on", initial=timezone.localdate, error_messages={"required": "Give the day on which it was met."}
    )

    def clean_met_on(self):
        day = self.cleaned_data["met_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day


class PlanForm(PlainMessages, SeesConflicts):
    """The plan of one agreement year: a number for each kind, or none."""

    mark_optional = False
    WRONG = f"Give a whole number from 0 to {MOST}, or leave it empty."

    def __init__(self, *args, year, stored, suggested, **kwargs):
        """``year`` is an AgreementYear, ``stored`` its numbers by kind, ``suggested`` those that rhythms ask for."""
        super().__init__(*args, initial=stored | {"seen": as_text(_marks(year, stored))}, **kwargs)
        self.year, self.stored = year, stored
        for kind in Kind:
            number = suggested.get(kind)
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label,
                required=False,
                min_value=0,
                max_value=MOST,
                help_text=f"Rhythms ask for {number}." if number else "No rhythm names it.",
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), self.WRONG),
                # Not a number input: browsers empty it of anything but a number, and nobody could see what was typed.
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def numbers(self):
        """The numbers that were given, by kind."""
        given = {kind.value: self.cleaned_data.get(kind.value) for kind in Kind}
        return {kind: number for kind, number in given.items() if number is not None}

    def clean(self):
        """Add an error where the effective date was changed since the form was opened, which moves the year."""
        cleaned = super().clean()
        first_day = mark(self.year.starts_on)
        if self.marks_seen.get("from", first_day) != first_day:
            self.add_error(
                None,
                "The day on which the agreement takes effect was changed while you had this open: "
                f"agreement year {self.year.number} now begins on {date_in_words(self.year.starts_on)}. "
                "Save again if the numbers still hold.",
            )
            self.replace_marks(_marks(self.year, self.stored))
        return cleaned


def _marks(year, stored):
    """The marks of the first day of a year and of the numbers in its plan."""
    return {"from": mark(year.starts_on)} | {kind: mark(stored.get(kind)) for kind in Kind.values}

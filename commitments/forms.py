"""The form of a commitment."""

import uuid

from django import forms
from django.utils import timezone

from commitments.models import Commitment
from engagements.forms.plain import PlainWords
from engagements.models import Engagement
from partnership.models import Certainty
from partnership.terms import FIRST_DAY, OUT_OF_REACH
from workstreams.models import Workstream

Measure = Commitment.Measure

PARTS = {
    Measure.RHYTHM: {"rhythm_count": None, "rhythm_period": "", "rhythm_kinds": []},
    Measure.DUE: {"due_on": None},
}
"""The fields that belong to a measure, with what they hold under any other."""

NEEDED = {
    "rhythm_count": "Say how many: a whole number, at least 1.",
    "rhythm_period": "Choose in what period.",
    "due_on": "Give the date by which it is due.",
}


class CommitmentForm(PlainWords, forms.ModelForm):
    """A commitment. Of the fields of a measure only those of the one that is chosen are kept."""

    mark_optional = False

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    rhythm_kinds = forms.MultipleChoiceField(
        label="Of which kinds",
        help_text="None chosen: of any kind.",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
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
            *("rhythm_kinds", "due_on", "is_illustrative", "certainty", "source", "source_url"),
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
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
        self._offer_workstreams(agreement)
        self.initial.setdefault("revision", self.instance.revision)

    def _offer_workstreams(self, agreement):
        """Those that are not archived, and those that the commitment is about already."""
        workstreams = Workstream.objects.of(agreement)
        mine = self.instance.workstreams.all() if self.instance.pk else Workstream.objects.none()
        self.fields["workstreams"].queryset = workstreams.filter(archived_on=None) | workstreams.filter(pk__in=mine)
        if self.instance.pk:
            self.initial["workstreams"] = list(mine)

    def clean(self):
        """Ask for what the chosen measure needs, and empty what belongs to the others."""
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
        if cleaned.get("given_by") and cleaned["given_by"] == cleaned.get("given_to"):
            self.add_error("given_to", "A party cannot promise something to itself.")
        return cleaned


class EvidenceForm(forms.Form):
    """Why an engagement counts, or does not."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="It is shown beside the engagement. One sentence is enough.",
        error_messages={"required": "Say why: those who read the figures will ask."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MetForm(forms.Form):
    """When a promise was kept."""

    met_on = forms.DateField(
        label="Met on",
        initial=timezone.localdate,
        error_messages={"required": "Give the day on which it was met."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_met_on(self):
        """Refuse a day to come, and one that lies out of reach."""
        day = self.cleaned_data["met_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        if day < FIRST_DAY:
            raise forms.ValidationError(OUT_OF_REACH)
        return day

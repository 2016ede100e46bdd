"""Commitments in Django admin. Leads edit them on their pages; here they can be found and put in order."""

from django import forms
from django.contrib import admin

from commitments.actions import add_commitment, delete_commitment, save_commitment
from commitments.models import Commitment, CommitmentWorkstream
from engagements.models import Engagement
from partnership.admin_record import RecordAdmin, RecordForm
from workstreams.models import Workstream


class WorkstreamChoices(forms.ModelMultipleChoiceField):
    """Workstreams, each with its agreement."""

    def label_from_instance(self, workstream):
        """Name and agreement."""
        return f"{workstream} ({workstream.agreement})"


class CommitmentAdminForm(RecordForm):
    """A commitment with its workstreams, which must be of its agreement."""

    rhythm_kinds = forms.MultipleChoiceField(
        label="Of which kinds",
        help_text="None chosen: of any kind.",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    about = WorkstreamChoices(
        Workstream.objects.select_related("agreement"),
        label="Workstreams",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            of_agreement = Workstream.objects.of(self.instance.agreement).select_related("agreement")
            self.fields["about"].queryset = of_agreement
            self.initial["about"] = self.instance.workstreams.all()

    def clean(self):
        """Refuse workstreams of another agreement."""
        cleaned = super().clean()
        agreement = cleaned["agreement"].pk if cleaned.get("agreement") else self.instance.agreement_id
        if any(workstream.agreement_id != agreement for workstream in cleaned.get("about", [])):
            self.add_error("about", "One of these belongs to another agreement.")
        return cleaned


@admin.register(Commitment)
class CommitmentAdmin(RecordAdmin):
    """Commitments. The order is changed in the list."""

    list_display = ["title", "agreement", "position", "theme", "clause", "measure", "certainty"]
    list_editable = ["position"]
    list_filter = ["agreement", "measure", "certainty", "is_illustrative"]
    list_select_related = ["agreement"]
    search_fields = ["title", "text", "theme", "clause"]
    form = CommitmentAdminForm
    parts = [(CommitmentWorkstream, "commitment", "workstream", "workstream")]
    delete_verb = delete_commitment
    fieldsets = [
        (None, {"fields": ["agreement", "title", "text", "theme", "clause", "given_by", "given_to", "about"]}),
        (
            "How one can tell",
            {"fields": ["measure", "rhythm_count", "rhythm_period", "rhythm_kinds", "due_on", "is_illustrative"]},
        ),
        ("Where it is known from", {"fields": ["certainty", "source", "source_url"]}),
    ]

    def save_model(self, request, obj, form, change):
        """By the verbs; a new one comes last. From the list, workstreams stay as they are."""
        workstreams = form.cleaned_data.get("about")
        if change:
            save_commitment(obj, workstreams=workstreams, revision=obj.revision, by=request.user)
        else:
            add_commitment(obj, workstreams=workstreams, by=request.user)

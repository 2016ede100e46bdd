"""Commitments in Django admin. Leads edit them on the pages; here they can be searched and put in order."""

from django import forms
from django.contrib import admin

from commitments.models import Commitment, CommitmentStatus, CommitmentWorkstream, Evidence, PlanNumber
from commitments.operations import (
    add_commitment,
    add_evidence,
    delete_commitment,
    delete_plan_number,
    save_commitment,
    save_plan,
    strike_out,
    withdraw_evidence,
)
from engagements.models import Engagement
from partnership.agreement_years import year_numbered
from partnership.models import AgreementDate
from records.admin import AdminRecordForm, RecordAdmin
from workstreams.models import Workstream


class WorkstreamChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, workstream):
        return f"{workstream} ({workstream.agreement})"


class CommitmentAdminForm(AdminRecordForm):
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
        cleaned = super().clean()
        agreement = cleaned["agreement"].pk if cleaned.get("agreement") else self.instance.agreement_id
        if any(workstream.agreement_id != agreement for workstream in cleaned.get("about", [])):
            self.add_error("about", "One of these belongs to another agreement.")
        return cleaned


@admin.register(Commitment)
class CommitmentAdmin(RecordAdmin):
    """Commitments. Their order is changed in the list."""

    list_display = ["title", "agreement", "position", "theme", "clause", "measure", "certainty"]
    list_editable = ["position"]
    list_filter = ["agreement", "measure", "certainty", "is_illustrative"]
    list_select_related = ["agreement"]
    search_fields = ["title", "text", "theme", "clause"]
    form = CommitmentAdminForm
    history_parts = [(CommitmentWorkstream, "commitment", "workstream", "workstream")]
    delete_verb = delete_commitment
    fieldsets = [
        (None, {"fields": ["agreement", "title", "text", "theme", "clause", "given_by", "given_to", "about"]}),
        (
            "How one can tell",
            {
                "fields": [
                    "measure",
                    "rhythm_count",
                    "rhythm_period",
                    "rhythm_kinds",
                    "due_on",
                    "met_on",
                    "is_illustrative",
                    "measured_from",
                ]
            },
        ),
        ("Where it is known from", {"fields": ["certainty", "source", "source_url"]}),
    ]

    def save_model(self, request, obj, form, change):
        """Save by the operations: a new commitment comes last. A change in the list leaves its workstreams alone."""
        workstreams = form.cleaned_data.get("about")
        if change:
            save_commitment(obj, workstreams=workstreams, by=request.user)
        else:
            add_commitment(obj, workstreams=workstreams, by=request.user)


class EvidenceAdminForm(AdminRecordForm):
    """Evidence set by hand. A public event of one party cannot be made to count."""

    def clean(self):
        cleaned = super().clean()
        engagement = cleaned.get("engagement") or (self.instance.pk and self.instance.engagement)
        if engagement and engagement.is_public_event and cleaned.get("counts"):
            self.add_error("counts", "A public event of one party counts towards nothing.")
        return cleaned


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    """Evidence that leads set by hand: an engagement counts, or does not."""

    form = EvidenceAdminForm
    list_display = ["engagement", "commitment", "counts", "reason", "agreement"]
    list_filter = ["agreement", "counts"]
    list_select_related = ["agreement", "commitment", "engagement"]
    search_fields = ["engagement__title", "commitment__title", "reason"]
    autocomplete_fields = ["commitment", "engagement"]
    immutable_fields = ["agreement", "commitment", "engagement"]
    fields = ["agreement", "commitment", "engagement", "counts", "reason"]
    delete_verb = withdraw_evidence

    def save_model(self, request, obj, form, change):
        operation = add_evidence if obj.counts else strike_out
        row = operation(obj.commitment, obj.engagement, reason=obj.reason, by=request.user)
        obj.pk = row.pk


class PlanNumberAdminForm(AdminRecordForm):
    """A number in the plan. Only an agreement with an effective date can have one: its years are counted from it."""

    def clean(self):
        cleaned = super().clean()
        agreement = self.instance.agreement if self.instance.pk else cleaned.get("agreement")
        if agreement and agreement.date_of(AgreementDate.Kind.EFFECTIVE) is None:
            words = "Add the day that the agreement takes effect first: its years are counted from it."
            self.add_error("number" if self.instance.pk else "agreement", words)
        return cleaned


@admin.register(CommitmentStatus)
class CommitmentStatusAdmin(admin.ModelAdmin):
    """The recorded statuses, read-only: Concord computes them."""

    list_display = ["commitment", "day", "status", "reason", "is_reconstructed", "agreement"]
    list_filter = ["agreement", "status", "is_reconstructed"]
    list_select_related = ["agreement", "commitment"]
    search_fields = ["commitment__title"]
    date_hierarchy = "day"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PlanNumber)
class PlanNumberAdmin(RecordAdmin):
    """The numbers in the plan, by kind and agreement year. Leads set a whole year on its page."""

    form = PlanNumberAdminForm
    list_display = ["kind", "agreement", "year", "number", "set_for"]
    list_filter = ["agreement", "year", "kind"]
    list_select_related = ["agreement"]
    immutable_fields = ["agreement", "year", "kind"]
    fields = ["agreement", "year", "kind", "number"]
    delete_verb = delete_plan_number

    def save_model(self, request, obj, form, change):
        """Save the plan of the year, with this number in it, by ``save_plan``."""
        of_year = PlanNumber.objects.filter(agreement=obj.agreement, year=obj.year)
        numbers = dict(of_year.values_list("kind", "number")) | {obj.kind: obj.number}
        effective = obj.agreement.date_of(AgreementDate.Kind.EFFECTIVE)
        save_plan(obj.agreement, year_numbered(effective.on, obj.year), numbers, by=request.user)
        obj.pk = of_year.get(kind=obj.kind).pk

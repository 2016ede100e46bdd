"""Committees and their seats in Django admin."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError

from engagements.models import Committee, Seat
from engagements.operations.committee import change_seats, delete_committee, save_committee
from engagements.operations.seat_changes import MeetingsPreview
from records.admin import AdminRecordForm, RecordAdmin, RecordInline
from records.formsets import AgreementFormSet


class CommitteeAdminForm(AdminRecordForm):
    """A committee, and whether its planned meetings follow a change of its seats."""

    update_meetings = forms.BooleanField(
        label="Update planned meetings when seats change", required=False, initial=True
    )
    notify = forms.BooleanField(label="Email the people concerned", required=False, initial=True)
    shown = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)
    """The key of the ``MeetingsPreview`` that the page showed before saving."""


class SeatFormSet(AgreementFormSet):
    """The seats. Before saving them changes planned meetings, the page shows which."""

    def clean(self):
        """ValidationError with the planned meetings that would change, unless the page has shown just these."""
        super().clean()
        if any(self.errors) or not self.instance.pk or "update_meetings" not in self.data:
            return
        saved = [form.instance for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        preview = MeetingsPreview.of(self.instance, saved, [form.instance for form in self.deleted_forms])
        self.instance.shown = preview.key
        if preview.changes and self.data.get("shown") != preview.key:
            words = preview.in_words(notify="notify" in self.data)
            raise ValidationError([f"{words} Save again to confirm.", *preview.lines])


class SeatInline(RecordInline, admin.StackedInline):
    model = Seat
    formset = SeatFormSet
    fields = [("organisation", "role"), ("holder", "deputy"), ("starts_on", "ends_on")]
    autocomplete_fields = ["organisation", "holder", "deputy"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "holder", "deputy")


@admin.register(Committee)
class CommitteeAdmin(RecordAdmin):
    list_display = ["name", "host", "how_often", "papers_days", "agreement"]
    list_filter = ["agreement"]
    list_select_related = ["agreement", "host"]
    search_fields = ["name"]
    autocomplete_fields = ["host"]
    form = CommitteeAdminForm
    fieldsets = [
        (None, {"fields": ["agreement", "name", "host", "purpose", "how_often", "papers_days", "web_page", "shown"]}),
        ("When seats change", {"fields": ["update_meetings", "notify"]}),
    ]
    inlines = [SeatInline]
    history_parts = [(Seat, "committee", "seat", "organisation")]
    save_verb, delete_verb = save_committee, delete_committee

    def save_formset(self, request, form, formset, change):
        """Save the seats and the planned meetings together."""
        saved = formset.save(commit=False)
        how = {"update_meetings": form.cleaned_data["update_meetings"], "notify": form.cleaned_data["notify"]}
        changes = change_seats(form.instance, saved, formset.deleted_objects, **how, by=request.user)
        formset.save_m2m()
        if changes:
            number = "1 planned meeting was" if len(changes) == 1 else f"{len(changes)} planned meetings were"
            messages.info(request, f"{number} updated.")

    def render_change_form(self, request, context, *args, **kwargs):
        """Put the key of the changes shown on the page into the form: saving again confirms them."""
        form = context["adminform"].form
        if form.is_bound and hasattr(form.instance, "shown"):
            form.data = form.data.copy()
            form.data["shown"] = form.instance.shown
        return super().render_change_form(request, context, *args, **kwargs)

"""Workstreams in Django admin: ordered, archived rather than deleted, with a colour and a lead from each party."""

from django.contrib import admin, messages

from records.admin import RecordAdmin, RecordInline
from workstreams.models import Workstream, WorkstreamLead
from workstreams.operations import (
    archive_workstream,
    delete_lead,
    delete_workstream,
    restore_workstream,
    save_lead,
    save_workstream,
)


class LeadInline(RecordInline, admin.TabularInline):
    model = WorkstreamLead
    extra = 1
    fields = ["party", "person"]
    autocomplete_fields = ["party", "person"]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "archived"

    def lookups(self, request, model_admin):
        return [("no", "Current"), ("yes", "Archived")]

    def queryset(self, request, queryset):
        return queryset.filter(archived_on__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Workstream)
class WorkstreamAdmin(RecordAdmin):
    """Workstreams, whose order is edited in the list."""

    list_display = ["name", "agreement", "position", "colour", "led_by", "archived_on"]
    list_editable = ["position"]
    list_filter = ["agreement", StateFilter]
    list_select_related = ["agreement"]
    search_fields = ["name"]
    inlines = [LeadInline]
    prepopulated_fields = {"slug": ["name"]}
    immutable_fields = ["agreement", "slug"]
    fields = ["agreement", "name", "slug", "description", "colour", "position", "archived_on"]
    actions = ["archive", "restore"]
    history_parts = [(WorkstreamLead, "workstream", "lead", "person")]
    save_verb, delete_verb = save_workstream, delete_workstream
    inline_verbs = {WorkstreamLead: (save_lead, delete_lead)}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("leads__person")

    @admin.display(description="led by")
    def led_by(self, workstream):
        return ", ".join(str(lead.person) for lead in workstream.leads.all()) or None

    @admin.action(description="Archive: offer it no more")
    def archive(self, request, queryset):
        for workstream in queryset:
            archive_workstream(workstream, by=request.user)
        messages.success(request, "Archived. What was done in them stays.")

    @admin.action(description="Restore: offer it again")
    def restore(self, request, queryset):
        for workstream in queryset:
            restore_workstream(workstream, by=request.user)
        messages.success(request, "Restored.")

"""Actions in Django admin."""

from django.contrib import admin, messages
from django.utils import timezone

from engagements.models import Action
from engagements.operations.action import add_action, change_action, delete_action, finish_action, reopen_action
from records.admin import RecordAdmin


@admin.register(Action)
class ActionAdmin(RecordAdmin):
    """Actions. The admin actions of the list finish and reopen them."""

    list_display = ["title", "owner_person", "owner_organisation", "due_on", "done_on", "agreement"]
    list_filter = ["agreement", ("done_on", admin.EmptyFieldListFilter), "workstream"]
    list_select_related = ["agreement", "owner_person", "owner_organisation"]
    date_hierarchy = "due_on"
    search_fields = ["title", "owner_person__name", "owner_organisation__name"]
    autocomplete_fields = ["owner_person", "owner_organisation", "workstream", "engagement"]
    readonly_fields = ["progress_on", "done_on", "done_by", "created_at"]
    fields = [
        *("agreement", "title", "owner_person", "owner_organisation", "due_on", "workstream", "engagement"),
        *("progress", "progress_on", "done_on", "done_by", "created_at"),
    ]
    actions = ["finish", "reopen"]
    delete_verb = delete_action

    def get_queryset(self, request):
        """Leave out actions whose owner administrators may not know: officers edit these on the site."""
        return super().get_queryset(request).naming_owner_to(request.user)

    def save_model(self, request, obj, form, change):
        if "progress" in form.changed_data:
            obj.progress_on = timezone.localdate() if obj.progress else None
        save = change_action if change else add_action
        save(obj, by=request.user)

    @admin.action(description="Done today")
    def finish(self, request, queryset):
        for action in queryset.select_related("agreement"):
            finish_action(action, by=request.user)
        messages.success(request, "Done.")

    @admin.action(description="Open again")
    def reopen(self, request, queryset):
        for action in queryset:
            reopen_action(action, by=request.user)
        messages.success(request, "Open again.")

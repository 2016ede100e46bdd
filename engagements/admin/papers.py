"""Notes and documents in Django admin: lists them without their content."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied

from engagements.models import Document, Note
from records.admin import RecordAdmin


class PaperAdmin(RecordAdmin):
    """Read-only, without the text. Papers private to one party are not even listed for others.

    They are written, changed and deleted on the record.
    """

    list_filter = ["agreement"]
    search_fields = ["engagement__title"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        """Always refused: the history contains the text."""
        raise PermissionDenied


@admin.register(Note)
class NoteAdmin(PaperAdmin):
    list_display = ["written_at", "engagement", "written_by", "party", "agreement"]
    list_select_related = ["agreement", "engagement", "written_by", "party"]
    date_hierarchy = "written_at"
    fields = ["engagement", "written_by", "written_at", "party", "agreement"]


@admin.register(Document)
class DocumentAdmin(PaperAdmin):
    list_display = ["added_at", "engagement", "content_type", "size", "added_by", "party", "agreement"]
    list_select_related = ["agreement", "engagement", "added_by", "party"]
    date_hierarchy = "added_at"
    fields = ["engagement", "content_type", "size", "added_by", "added_at", "party", "agreement"]

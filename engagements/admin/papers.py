"""Notes and documents in Django admin: that they are there, never what they say."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied

from engagements.models import Document, Note
from records.admin import RecordAdmin


class PaperAdmin(RecordAdmin):
    """To be looked at only, without the text. What is one party's alone is not even listed for others."""

    list_filter = ["agreement"]
    search_fields = ["engagement__title"]

    def has_add_permission(self, request):
        """They are written on the record."""
        return False

    def has_change_permission(self, request, obj=None):
        """They are changed on the record, by the party that they are of."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Likewise."""
        return False

    def history_view(self, request, object_id, extra_context=None):
        """Would tell the text."""
        raise PermissionDenied


@admin.register(Note)
class NoteAdmin(PaperAdmin):
    """Notes: on what, by whom, when."""

    list_display = ["written_at", "engagement", "written_by", "party", "agreement"]
    list_select_related = ["agreement", "engagement", "written_by", "party"]
    date_hierarchy = "written_at"
    fields = ["engagement", "written_by", "written_at", "party", "agreement"]


@admin.register(Document)
class DocumentAdmin(PaperAdmin):
    """Documents: with what, of which type and size, by whom, when."""

    list_display = ["added_at", "engagement", "content_type", "size", "added_by", "party", "agreement"]
    list_select_related = ["agreement", "engagement", "added_by", "party"]
    date_hierarchy = "added_at"
    fields = ["engagement", "content_type", "size", "added_by", "added_at", "party", "agreement"]

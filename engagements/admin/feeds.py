"""Calendar feeds in Django admin: to list and to revoke. It never shows their addresses."""

from django.contrib import admin, messages

from engagements.models import Feed
from engagements.operations.feeds import revoke_feed
from records.admin import RecordAdmin


@admin.register(Feed)
class FeedAdmin(RecordAdmin):
    """Feeds can be viewed and revoked. People create their own on the site, and revoked ones stay."""

    list_display = ["user", "what", "committee", "agreement", "created_at", "last_read", "revoked_at"]
    list_filter = ["agreement", "what", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "committee", "agreement", "reading"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "agreement", "what", "committee", "created_at", "last_read", "revoked_at"]
    readonly_fields = fields
    actions = ["revoke"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="last read")
    def last_read(self, feed):
        """The last day on which a calendar program read it, or None."""
        return feed.reading.read_on if hasattr(feed, "reading") else None

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request, queryset):
        """Their addresses stop working at once."""
        for feed in queryset:
            revoke_feed(feed, by=request.user)
        messages.success(request, f"Revoked: {len(queryset)}.")

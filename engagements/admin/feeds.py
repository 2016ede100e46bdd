"""Calendar feeds in Django admin: whose there are, and an end to them. Their addresses are shown to nobody here."""

from django.contrib import admin, messages

from engagements.models import Feed
from engagements.operations.feeds import revoke_feed
from records.admin import RecordAdmin


@admin.register(Feed)
class FeedAdmin(RecordAdmin):
    """Feeds, to look at and to revoke. People make their own, on the site."""

    list_display = ["user", "what", "committee", "agreement", "created_at", "last_read", "revoked_at"]
    list_filter = ["agreement", "what", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "committee", "agreement", "reading"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "agreement", "what", "committee", "created_at", "last_read", "revoked_at"]
    readonly_fields = fields
    actions = ["revoke"]

    def has_add_permission(self, request):
        """Each makes their own."""
        return False

    def has_change_permission(self, request, obj=None):
        """Only by the action."""
        return False

    def has_delete_permission(self, request, obj=None):
        """It stays, revoked."""
        return False

    @admin.display(description="last read")
    def last_read(self, feed):
        """The last day on which a calendar program read it."""
        return feed.reading.read_on if hasattr(feed, "reading") else None

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request, queryset):
        """Their addresses stop to work at once."""
        for feed in queryset:
            revoke_feed(feed, by=request.user)
        messages.success(request, f"Revoked: {len(queryset)}.")

"""Read-only pages for emails in Django admin."""

from django.contrib import admin

from outbox.models import BadAddress, Heartbeat, Message, QueuedEmail, Quota, Receipt, Tally
from records.admin import ReadOnlyAdmin, VisibleRowsAdmin


@admin.register(Message)
class MessageAdmin(VisibleRowsAdmin):
    list_display = ["created_at", "state", "person", "address", "subject", "attempts", "error", "agreement"]
    list_filter = ["state", "agreement"]
    list_select_related = ["person", "agreement"]
    search_fields = ["person__name", "address", "subject"]


@admin.register(QueuedEmail)
class QueuedEmailAdmin(ReadOnlyAdmin):
    list_display = ["message", "key", "expires_at"]
    list_select_related = ["message"]
    search_fields = ["message__address", "key"]


@admin.register(BadAddress)
class BadAddressAdmin(VisibleRowsAdmin):
    list_display = ["noted_at", "person", "address", "error", "came_back", "agreement"]
    list_filter = ["came_back", "agreement"]
    list_select_related = ["person", "agreement"]
    search_fields = ["person__name", "address"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "at", "note"]


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    list_display = ["name", "count"]


@admin.register(Quota)
class QuotaAdmin(ReadOnlyAdmin):
    list_display = ["name", "minute", "taken"]


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Emails just accepted by the mail server, until their batch ends. A row over a minute old: a worker was killed."""

    list_display = ["message_id", "subject", "at"]

"""Emails in Django admin, to read."""

from django.contrib import admin

from outbox.models import BadAddress, Heartbeat, Message, QueuedEmail, Quota, Receipt, Tally
from records.admin import ReadOnlyAdmin, VisibleRowsAdmin


@admin.register(Message)
class MessageAdmin(VisibleRowsAdmin):
    """Mails, and what the mail server said."""

    list_display = ["created_at", "state", "person", "address", "subject", "attempts", "error", "agreement"]
    list_filter = ["state", "agreement"]
    list_select_related = ["person", "agreement"]
    search_fields = ["person__name", "address", "subject"]


@admin.register(QueuedEmail)
class QueuedEmailAdmin(ReadOnlyAdmin):
    """Emails about accounts: which they are, and to whom."""

    list_display = ["message", "key", "expires_at"]
    list_select_related = ["message"]
    search_fields = ["message__address", "key"]


@admin.register(BadAddress)
class BadAddressAdmin(VisibleRowsAdmin):
    """Addresses that a mail server has refused for good, or from which a mail came back."""

    list_display = ["noted_at", "person", "address", "error", "came_back", "agreement"]
    list_filter = ["came_back", "agreement"]
    list_select_related = ["person", "agreement"]
    search_fields = ["person__name", "address"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """When worker and beat were last seen."""

    list_display = ["name", "at", "note"]


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    """How many deliveries were sent, failed or came back, ever."""

    list_display = ["name", "count"]


@admin.register(Quota)
class QuotaAdmin(ReadOnlyAdmin):
    """How many mails went in the last minute, where MAIL_PER_MINUTE sets a limit."""

    list_display = ["name", "minute", "taken"]


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Mails that a server has just taken, until the end of their batch: more than a minute old, a worker was killed."""

    list_display = ["message_id", "subject", "at"]

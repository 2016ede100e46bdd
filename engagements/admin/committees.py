"""Committees and their seats in Django admin."""

from django.contrib import admin

from engagements.actions.committee import delete_committee, delete_seat, save_committee, save_seat
from engagements.admin.parts import Part
from engagements.models import Committee, Seat
from partnership.admin_record import RecordAdmin


class SeatInline(Part, admin.StackedInline):
    """The seats: who holds each, and for how long."""

    model = Seat
    fields = [("organisation", "role"), ("holder", "deputy"), ("starts_on", "ends_on")]
    autocomplete_fields = ["organisation", "holder", "deputy"]

    def get_queryset(self, request):
        """With whom they name."""
        return super().get_queryset(request).select_related("organisation", "holder", "deputy")


@admin.register(Committee)
class CommitteeAdmin(RecordAdmin):
    """Committees, with their seats."""

    list_display = ["name", "host", "how_often", "papers_days", "agreement"]
    list_filter = ["agreement"]
    list_select_related = ["agreement", "host"]
    search_fields = ["name"]
    autocomplete_fields = ["host"]
    fields = ["agreement", "name", "host", "purpose", "how_often", "papers_days", "web_page"]
    inlines = [SeatInline]
    parts = [(Seat, "committee", "seat", "organisation")]
    save_verb, delete_verb = save_committee, delete_committee
    part_verbs = {Seat: (save_seat, delete_seat)}

"""Series in Django admin."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from engagements.models import Series
from engagements.operations.engagement import NotPossibleError
from engagements.operations.series import change_series, delete_series, stop_series
from records.admin import AdminRecordForm, RecordAdmin


class SeriesForm(AdminRecordForm):
    """A series, and whether to email the people concerned."""

    notify = forms.BooleanField(label="Email the people concerned", required=False, initial=True)


@admin.register(Series)
class SeriesAdmin(RecordAdmin):
    """Series. Changes apply from the next date on. A series is started on a record, with "Repeat this"."""

    list_display = ["title", "rule_in_words", "kind", "first_day", "ends_on", "stopped_on", "agreement"]
    list_filter = ["agreement", "kind", ("stopped_on", admin.EmptyFieldListFilter)]
    list_select_related = ["agreement"]
    search_fields = ["title"]
    autocomplete_fields = ["committee"]
    readonly_fields = ["first_day", "skipped", "stopped_on", "stop_reason", "started_by", "created_at"]
    fieldsets = [
        (None, {"fields": ["agreement", "title", "kind", "committee", "notify"]}),
        ("How often", {"fields": ["rule", "first_day", "ends_on", "count", "on_free_days", "skipped"]}),
        ("When", {"fields": ["start_time", "end_time", "length_days", "time_zone"]}),
        ("Where", {"fields": ["mode", "venue", "joining_link"]}),
        ("What", {"fields": ["summary", "is_public_event"]}),
        ("Record", {"fields": ["stopped_on", "stop_reason", "started_by", "created_at"]}),
    ]
    form = SeriesForm
    actions = ["stop"]
    save_verb, delete_verb = change_series, delete_series

    def get_deleted_objects(self, objs, request):
        """Name the series alone: the people invited to it may be under the Chatham House Rule."""
        _, _, perms_needed, protected = super().get_deleted_objects(objs, request)
        names = [f"{series}, with the lists of its hosts, workstreams and people" for series in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, perms_needed, protected

    def has_add_permission(self, request):
        """A series is started on a record, where its dates are shown before they are made."""
        return False

    def save_model(self, request, obj, form, change):
        """Save by the operation, which notifies the people concerned of all dates together."""
        change_series(obj, notify=form.cleaned_data["notify"], by=request.user)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """As admin's own; where the existing dates rule a change out, a message says why."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except NotPossibleError as error:
            messages.error(request, str(error))
            return redirect(reverse("admin:engagements_series_change", args=[object_id]))

    @admin.action(description="Stop; what is planned stays")
    def stop(self, request, queryset):
        for series in queryset:
            try:
                stop_series(series, by=request.user)
            except NotPossibleError as error:
                messages.error(request, f"{series}: {error}")

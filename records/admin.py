"""Base classes of the admin: records are saved by operations, refusals are explained, the history is in words."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse

from records.atomic_views import in_one_step
from records.deletion import InUseError
from records.edit_conflicts import ConflictError, as_text, from_text, mark, marks_of, merge
from records.formsets import AgreementFormSet
from records.history import HistorySource, changes_of
from records.keys import whole_number
from records.locks import locked

WEB_ADDRESSES = {models.URLField: {"widget": forms.URLInput(attrs={"class": "vLargeTextField"})}}
"""Form fields of web addresses without the admin's "Currently" line, which is too wide for the page."""


CHANGED_MEANWHILE = "Somebody else saved this while you had it open."


class AdminRecordForm(forms.ModelForm):
    """A form that detects conflicting edits of its row (``records.edit_conflicts``); ``RecordAdmin`` locks the row.

    Rules that involve the agreement are checked even where the form cannot change it, unless none is chosen yet.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=50_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "seen" in self.fields and self.instance.pk:
            self.fields["seen"].initial = lambda: as_text(marks_of(self.instance, **self.lists_there()))

    def lists_there(self):
        """{name in words: rows} of the lists that are saved as a whole. Conflicting edits of them are detected too."""
        return {}

    def _get_validation_exclusions(self):
        known = {"agreement"} if getattr(self.instance, "agreement_id", None) else set()
        return super()._get_validation_exclusions() - known

    def _post_clean(self):
        lists = self.lists_there() if self.instance.pk else {}
        super()._post_clean()
        seen = from_text(self.cleaned_data.get("seen") or "")
        for name, rows in lists.items():
            if mark(rows) != seen.get(name, mark(rows)):
                self.add_error(
                    None, f"{CHANGED_MEANWHILE} Its {name} are others now. Open it again, then make your change."
                )
        try:
            merge(self.instance, seen)
        except ConflictError as conflict:
            theirs = "; ".join(f"{each.label}: {_quoted(each.theirs)}" for each in conflict.differences)
            self.add_error(None, f"{CHANGED_MEANWHILE} Theirs: {theirs}. Save again to put yours instead.")
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = as_text(seen | conflict.marks)


def _quoted(words):
    return f"“{words}”" if words else "empty"


class RowSearch(AutocompleteSelect):
    """The admin's autocomplete box. It ignores values that cannot be keys, for which Django's own raises an error."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if not key or whole_number(key) is not None], attr)


class ChoosesRows:
    """Mixin that removes the pop-ups beside foreign keys: a row is added on its own page, where its rules are shown."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSearch(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_delete_related = False
        return field


class RecordInline(ChoosesRows):
    """Mixin for an inline whose rows carry the agreement of the row they belong to."""

    form = AdminRecordForm
    formset = AgreementFormSet
    extra = 0

    def get_fields(self, request, obj=None):
        return [*super().get_fields(request, obj), *_seen(self, request, obj)]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Remove the link to the other row, for which there is no space."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_view_related = False
        return field


def _seen(its_admin, request, obj):
    """A list of the hidden field's name; empty where the form has none or the user may only view."""
    has_one = "seen" in its_admin.form.base_fields and its_admin.has_change_permission(request, obj)
    return ["seen"] if has_one else []


class RecordAdmin(ChoosesRows, admin.ModelAdmin):
    """An admin that saves and deletes by operations.

    ``immutable_fields`` never change once saved, since others refer to them. ``save_verb`` and ``delete_verb`` take the
    row and ``by``; ``inline_verbs`` has such a pair for the model of each inline. ``history_parts`` lists the parts
    that the row's history shows: (model, its link to the row, noun, the field that names it).
    """

    form = AdminRecordForm
    formfield_overrides = WEB_ADDRESSES
    object_history_template = "records/admin_history.html"
    show_full_result_count = False
    immutable_fields = ["agreement"]
    history_parts = []
    save_verb = delete_verb = None
    inline_verbs = {}

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def lookup_allowed(self, lookup, value, request):
        """Refuse lookups by reverse relations, since those rows have their own rules of visibility."""
        field = self._field_named(lookup.split("__")[0])
        is_ours = field is None or field.concrete
        return is_ours and super().lookup_allowed(lookup, value, request)

    def _field_named(self, name):
        try:
            return self.opts.get_field(name)
        except FieldDoesNotExist:
            return None

    def get_fieldsets(self, request, obj=None):
        """Add the hidden field by which conflicting edits are detected."""
        (title, options), *others = super().get_fieldsets(request, obj)
        return [(title, options | {"fields": [*options["fields"], *_seen(self, request, obj)]}), *others]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.immutable_fields if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new row; on a saved one these fields are immutable."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def save_model(self, request, obj, form, change):
        type(self).save_verb(obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        save, delete = self.inline_verbs[formset.model]
        for part in formset.save(commit=False):
            save(part, by=request.user)
        for part in formset.deleted_objects:
            delete(part, by=request.user)
        formset.save_m2m()

    def delete_model(self, request, obj):
        type(self).delete_verb(obj, by=request.user)

    def lock_row(self, key):
        """Lock the row with this key, and any row that comes before it in the order of locks."""
        list(locked(self.model._base_manager.filter(pk=key)))

    def get_object(self, request, object_id, from_field=None):
        """Lock the row first when a form is sent, so that nobody else changes it until it is saved."""
        if request.method == "POST" and object_id.isdecimal():
            self.lock_row(int(object_id))
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Run in one transaction. Where an operation refuses to delete a part, save nothing and show a message."""
        try:
            return in_one_step(super().changeform_view)(request, object_id, form_url, extra_context)
        except InUseError as error:
            messages.error(request, f"{error} Nothing was saved.")
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id]))

    def changelist_view(self, request, extra_context=None):
        return in_one_step(super().changelist_view)(request, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        """Run in one transaction. Where the operation refuses, redirect to the row's page with a message."""
        try:
            return in_one_step(super().delete_view)(request, object_id, extra_context)
        except InUseError as error:
            messages.error(request, str(error))
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return redirect(reverse(name, args=[quote(unquote(object_id))]))

    def get_deleted_objects(self, objs, request):
        """The rows that are deleted too. Obstacles are left out, since the operation explains them."""
        to_delete, counts, _, _ = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), []

    def history_parts_for(self, request, key):
        """Those of ``history_parts`` that the user may see in the history of the row with this key."""
        return self.history_parts

    def history_view(self, request, object_id, extra_context=None):
        """Show all changes of the row, not only those made in the admin."""
        key = unquote(object_id)
        key = int(key) if key.isdecimal() else 0
        sources = [HistorySource(self.model.pgh_event_model.objects.filter(pgh_obj=key), self.opts.verbose_name)]
        sources += [
            HistorySource(model.pgh_event_model.objects.filter(**{link: key}), noun, named_by)
            for model, link, noun, named_by in self.history_parts_for(request, key)
        ]
        return super().history_view(request, object_id, {"entries": changes_of(*sources), **(extra_context or {})})


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin for rows that only Concord itself writes: nobody adds, changes or deletes them there."""

    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class VisibleRowsAdmin(ReadOnlyAdmin):
    """A read-only admin of only those rows that ``visible_to`` allows."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

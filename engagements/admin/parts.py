"""What the inlines of this room have in common."""

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

from partnership.admin_record import PartFormSet, RecordForm


class Part:
    """Mixin for an inline of rows that carry the agreement of what they hang on."""

    form = RecordForm
    formset = PartFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without pop-ups: a row is made where its rules are in view."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

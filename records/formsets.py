"""Formsets of the parts of a record."""

from django.forms.models import BaseInlineFormSet


class AgreementFormSet(BaseInlineFormSet):
    """A formset that sets the agreement of its rows, so that rules about the agreement are checked before saving."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.agreement_id = self.instance.agreement_id
        return form

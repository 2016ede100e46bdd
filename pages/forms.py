"""What the forms that make a row of this room have in common."""

import uuid

from django import forms


class MadeOnce(forms.ModelForm):
    """A form with the one-time key that saves a new row once, however often it is sent."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={
            "required": "The form was sent without its key: load the page again.",
            "invalid": "The form was sent with a damaged key: load the page again.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["form_key"]

    def clean(self):
        """Put the key on the row; whether it was used before is the verb's business."""
        self.instance.form_key = self.cleaned_data.get("form_key", self.instance.form_key)
        return super().clean()

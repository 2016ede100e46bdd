"""Forms on the way of an engagement."""

from django import forms


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="It is shown on the record. One sentence is enough.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

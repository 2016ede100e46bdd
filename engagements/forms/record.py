"""The form that cancels an engagement."""

from django import forms

from pages.error_messages import PlainMessages


class CancelForm(PlainMessages, forms.Form):
    """The reason for cancelling and, with ``in_series``, whether to cancel the later dates too."""

    scope = forms.ChoiceField(
        label="It is one of a series. Cancel",
        choices=[("this", "Only this one"), ("later", "This one and later")],
        initial="this",
        widget=forms.RadioSelect,
        help_text="With later ones, the series is stopped: no further dates are planned. Mails tell of this one alone.",
        error_messages={"invalid_choice": "Choose one of those shown."},
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="It is shown on the record. One sentence is enough.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data=None, *, in_series=False):
        # Without a choice, only the engagement on the page is cancelled.
        super().__init__({"scope": "this"} | data.dict() if data is not None else None)
        if not in_series:
            del self.fields["scope"]

"""The form by which somebody says whether they come."""

from django import forms

from engagements.replies import ANSWERS


class ReplyForm(forms.Form):
    """One of three answers."""

    reply = forms.ChoiceField(
        label="Your reply",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose one of the three answers.",
            "invalid_choice": "Choose one of the three answers.",
        },
    )

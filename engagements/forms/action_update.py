"""The form by which the owner of an action says how it is going, or that it is done."""

from django import forms

from engagements.models.outcomes import PROGRESS_LENGTH
from pages.error_messages import PlainMessages

SAVE, DONE = "save", "done"


class ActionUpdateForm(PlainMessages, forms.Form):
    """How it is going, in words, and two buttons: to save that, or to mark the action as done with it."""

    progress = forms.CharField(
        label="Progress",
        required=False,
        max_length=PROGRESS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example, “Draft sent to both parties for comment”.",
    )
    press = forms.ChoiceField(
        choices=[(DONE, "Mark as done"), (SAVE, "Save progress")],
        error_messages={
            "required": "Select Mark as done or Save progress.",
            "invalid_choice": "Select Mark as done or Save progress.",
        },
    )

    def clean(self):
        """Progress that is saved says something; what is done may say nothing."""
        data = super().clean()
        had_any, says_any = self.initial.get("progress"), data.get("progress") or "progress" in self.errors
        if data.get("press") == SAVE and not (had_any or says_any):
            self.add_error("progress", "Enter how the action is going.")
        return data

    @property
    def is_done(self):
        """Whether the action is to be marked as done."""
        return self.cleaned_data["press"] == DONE

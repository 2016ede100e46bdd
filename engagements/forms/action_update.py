"""The form with which the owner of an action reports progress, or marks it as done."""

from django import forms

from engagements.models.outcomes import PROGRESS_LENGTH
from pages.error_messages import PlainMessages

SAVE, DONE = "save", "done"


class ActionUpdateForm(PlainMessages, forms.Form):
    """The progress as text, and two buttons: save it, or save it and mark the action as done."""

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
        """Require text to save progress, unless there was some before. An action may be done without."""
        data = super().clean()
        had_any, says_any = self.initial.get("progress"), data.get("progress") or "progress" in self.errors
        if data.get("press") == SAVE and not (had_any or says_any):
            self.add_error("progress", "Enter how the action is going.")
        return data

    @property
    def is_done(self):
        """Whether the button "Mark as done" was pressed."""
        return self.cleaned_data["press"] == DONE

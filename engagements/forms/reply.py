"""The form with which somebody replies to an invitation."""

from dataclasses import dataclass

from django import forms

from engagements.models.participation import NOTE_LENGTH
from engagements.presenters.replies import ANSWERS
from pages.error_messages import PlainMessages

ANSWERS_IN_WORDS = {"accepted": "I am coming", "tentative": "Maybe", "declined": "I am not coming"}
"""{reply: the words on its button}."""

CHOOSE = "Select whether you are coming."


@dataclass(frozen=True)
class ReplyButton:
    """A button that sends one reply. ``is_offered``: the link in the email was for this one."""

    value: str
    words: str
    is_offered: bool


class ReplyForm(PlainMessages, forms.Form):
    """One of three replies, each a button, and the details that somebody may add.

    ``offered`` is the reply of the link in the email; ``place`` is the participation that has the details so far.
    """

    reply = forms.ChoiceField(choices=ANSWERS, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example, “I will be 15 minutes late”.",
    )
    sent_apologies = forms.BooleanField(label="Send my apologies", required=False)
    deputy = forms.CharField(
        label="Deputy", required=False, max_length=200, help_text="The name of the person coming instead of you."
    )

    def __init__(self, data=None, *, offered="", place=None, **kwargs):
        super().__init__(data, **kwargs)
        self.offered = offered
        for name in ("note", "sent_apologies", "deputy"):
            self.initial.setdefault(name, getattr(place, name, ""))

    def clean_deputy(self):
        """Put the name on one line."""
        return " ".join(self.cleaned_data["deputy"].split())

    def clean(self):
        """Refuse apologies and a deputy where the person may come."""
        data = super().clean()
        if data.get("reply") in ("accepted", "tentative"):
            if data.get("deputy"):
                self.add_error("deputy", "Delete the deputy’s name if you may come yourself.")
            if data.get("sent_apologies"):
                self.add_error("sent_apologies", "Clear this box if you may come yourself.")
        return data

    @property
    def details(self):
        """The details of the reply; {} where the form had no fields for them, so that they stay unchanged."""
        if not {"note", "deputy"} & set(self.data):
            return {}
        return {name: self.cleaned_data[name] for name in ("note", "sent_apologies", "deputy")}

    @property
    def buttons(self):
        """The answers as buttons, the one that the link offers first."""
        found = [ReplyButton(value, ANSWERS_IN_WORDS[value], value == self.offered) for value, _ in ANSWERS]
        return sorted(found, key=lambda button: not button.is_offered)

    @property
    def is_open(self):
        """Whether the page shows the fields for details from the start."""
        has_more = any(self[name].value() or self[name].errors for name in ("note", "sent_apologies", "deputy"))
        return has_more or self.offered == "declined"

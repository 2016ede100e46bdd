"""The form on which people choose which emails they get, and when."""

import datetime as dt

from django import forms
from django.utils import timezone

from pages.error_messages import PlainMessages
from pages.fields import date_field, time_field
from pages.forms import SeesConflicts
from records.edit_conflicts import as_text, marks_of
from reminders.models import Preference
from reminders.preferences.rules import How
from reminders.presenters.offered_topics import OFFERED

CHOOSE = "Choose one of those shown."
TOO_FAR = dt.timedelta(days=366)


class PreferenceForm(PlainMessages, SeesConflicts, forms.ModelForm):
    """The choices of one person. ``topics`` are those that this person can get."""

    mark_optional = False

    quiet_from, quiet_to = time_field(label="From"), time_field(label="Until")
    paused_until = date_field(label="Pause emails until", required=False)

    class Meta:
        model = Preference
        fields = [*(topic.name for topic in OFFERED), "quiet_from", "quiet_to", "paused_until"]

    def __init__(self, *args, topics, **kwargs):
        super().__init__(*args, **kwargs)
        self.chosen_from = topics
        for topic in OFFERED:
            del self.fields[topic.name]
        if self.instance.paused_until and self.instance.paused_until <= timezone.localdate():
            self.initial["paused_until"] = None
        for topic in topics:
            self.fields[topic.name] = forms.ChoiceField(
                label=topic.label,
                help_text=topic.about,
                choices=How.choices,
                widget=forms.RadioSelect,
                error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
            )
        self.order_fields([topic.name for topic in topics])
        self.fields["seen"].initial = as_text(marks_of(self.instance))

    @property
    def topics(self):
        """The bound fields of the topics."""
        return [self[topic.name] for topic in self.chosen_from]

    def clean_paused_until(self):
        """A new pause must end after today and within ``TOO_FAR``."""
        day, today = self.cleaned_data["paused_until"], timezone.localdate()
        if day is None or day == self.instance.paused_until:
            return day
        if day <= today:
            raise forms.ValidationError("Give a day after today, or leave it empty for no pause.")
        if day - today > TOO_FAR:
            raise forms.ValidationError("Give a day within a year. To get no emails, select Stop all emails.")
        return day

    def clean(self):
        """Quiet hours need two different times, or none."""
        data = super().clean()
        start, end = data.get("quiet_from"), data.get("quiet_to")
        if "quiet_from" in self.errors or "quiet_to" in self.errors:
            return data
        if (start is None) != (end is None):
            self.add_error("quiet_to" if end is None else "quiet_from", "Give both times, or leave both empty.")
        elif start is not None and start == end:
            self.add_error("quiet_to", "Give a time other than the first one. To be told nothing, choose Off above.")
        return data

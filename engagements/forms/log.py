"""The quick log of an engagement, and the form that it and the full form are based on."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from contacts.forms import PeopleField, WithContacts
from contacts.operations import attendance_of, organisations_of
from engagements.models import Committee, Engagement
from engagements.operations.engagement import lies_past, log_engagement
from engagements.operations.related_rows import note_attendance
from pages.fields import date_field, time_field
from pages.forms import RecordForm
from pages.holidays import bank_holiday_note
from records.limits import FIRST_DAY, LAST_DAY
from workstreams.models import Workstream

CHOICES = "crispy/choices.html"

AFTERWARDS = ("outcomes", "decisions", "head_count")
"""Fields that are filled in only once an engagement is over."""


class LogForm(WithContacts, RecordForm):
    """The fields and rules that both forms share. ``user`` logs an engagement of ``agreement``."""

    starts_on = date_field(label="Date", error_messages={"required": "Give the date."})
    start_time = time_field(label="From")
    end_time = time_field(label="To")
    workstreams = forms.ModelMultipleChoiceField(
        Workstream.objects.none(), required=False, label="Workstream", widget=forms.CheckboxSelectMultiple
    )
    who = PeopleField(label="Who came", required=False)

    def __init__(self, *args, agreement, user, **kwargs):
        super().__init__(*args, agreement=agreement, **kwargs)
        self.user, self.instance.agreement = user, agreement
        self.fields["workstreams"].queryset = self.workstreams_offered()
        self.fields["title"].error_messages["required"] = "Give it a title."
        self.fields["kind"].error_messages["required"] = "Choose a kind."
        self.fields["starts_on"].widget.attrs |= {
            "data-hx-get": reverse("engagements:day_note", args=[agreement.slug]),
            "data-hx-target": "#day-note",
            "data-hx-swap": "outerHTML",
        }

    @property
    def day_note(self):
        """A sentence that the day in the form is a bank holiday, or an empty string."""
        try:
            day = self.fields["starts_on"].to_python(self["starts_on"].value())
        except ValidationError:
            return ""
        return bank_holiday_note(day) if day and FIRST_DAY <= day <= LAST_DAY else ""

    def workstreams_offered(self):
        """Workstreams that are not archived, and those that the engagement belongs to already."""
        workstreams = Workstream.objects.visible_to(self.user).of(self.agreement)
        if self.instance.pk is None:
            return workstreams.current()
        own = Engagement.workstreams.through.objects.filter(engagement=self.instance.pk)
        return workstreams.filter(archived_on=None) | workstreams.filter(pk__in=own.values("workstream"))

    def clean(self):
        """Check the days and times against each other."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        start, end = cleaned.get("start_time"), cleaned.get("end_time")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first.")
        if end and not start and "start_time" not in self.errors:
            self.add_error("start_time", "Give the time it starts as well as the time it ends.")
        if start and end and end <= start and not (first and last and last > first):
            self.add_error("end_time", "It ends before it starts.")
        return cleaned

    def only_committee(self):
        """The committee of the agreement if it has exactly one, else None."""
        committees = Committee.objects.visible_to(self.user).of(self.agreement)[:2]
        return committees[0] if len(committees) == 1 else None

    @property
    def lies_past(self):
        """Whether the engagement is past. Nobody is then emailed unless the user asks for it."""
        return lies_past(self.instance, took_place=self.has_outcome())

    def log(self, save=log_engagement, **parts):
        """Log the engagement by the operation ``save``, with its people, workstreams, hosts and ``parts``.

        Returns it; if this form was sent before, the one saved then.
        """
        with transaction.atomic():
            people = self.people()
            engagement = save(
                self.instance,
                took_place=self.has_outcome(),
                people=list(people),
                workstreams=self.cleaned_data["workstreams"],
                hosts=self.hosts(),
                by=self.user,
                **parts,
            )
            if engagement is self.instance:
                note_attendance(engagement, people)
            return engagement

    def differs_from(self, engagement):
        """Whether the form's fields differ from ``engagement``, which this form saved before."""
        return any(getattr(engagement, name) != getattr(self.instance, name) for name in self._meta.fields)

    def as_new(self):
        """Give the form a new one-time key, so that it logs another engagement when it is sent again."""
        self.data = self.data.copy()
        self.data["form_key"] = str(uuid.uuid4())

    def has_outcome(self):
        """Whether a field is filled in whose content is known only once the engagement is over."""
        return any(self._given(name) for name in AFTERWARDS)

    def _given(self, name):
        return getattr(self, "cleaned_data", {}).get(name)

    def people(self):
        """{person: attendance, or ""} of the people named; new ones are added to the address book."""
        key = self.instance.form_key
        return attendance_of(self.cleaned_data["who"], agreement=self.agreement, by=self.user, form_key=key)

    def hosts(self):
        """The organisations named as hosts; new ones are added to the address book."""
        return organisations_of(self.cleaned_data.get("host_list", []), agreement=self.agreement, by=self.user)


class QuickLogForm(LogForm):
    """The essential fields, to fill in on a phone in under a minute."""

    mark_optional = False
    field_order = ["title", "kind", "starts_on", "start_time", "end_time", "workstreams", "who", "outcomes"]

    class Meta:
        model = Engagement
        fields = ["title", "kind", "starts_on", "start_time", "end_time", "outcomes"]
        labels = {"outcomes": "Outcome"}
        help_texts = {"outcomes": "in a sentence, if there is one"}
        widgets = {"kind": forms.RadioSelect, "outcomes": forms.Textarea(attrs={"rows": 1})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = self.helper.disable_csrf = False
        self.helper.layout = Layout(
            "form_key",
            "title",
            Field("kind", template=CHOICES),
            Row(
                Column("starts_on", css_class="col-sm-5"),
                Column("start_time", css_class="col-6 col-sm"),
                Column("end_time", css_class="col-6 col-sm"),
            ),
            HTML('{% include "engagements/_day_note.html" with day_note=form.day_note %}'),
            Field("workstreams", template=CHOICES),
            "who",
            Field("outcomes", wrapper_class="help-beside"),
        )

    def has_outcome(self):
        """As in the full form; people named here came, so they are an outcome too."""
        return bool(self._given("who")) or super().has_outcome()

    def clean(self):
        """Set the only committee of the agreement on a committee meeting."""
        cleaned = super().clean()
        if cleaned.get("kind") == Engagement.Kind.COMMITTEE:
            self.instance.committee = self.only_committee()
        return cleaned

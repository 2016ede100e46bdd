"""The form of one action."""

from django import forms
from django.utils import timezone

from contacts.forms import OwnerField, WithContacts
from engagements.models import Action
from pages.forms import RecordForm
from workstreams.models import Workstream


class ActionForm(WithContacts, RecordForm):
    owner = OwnerField(required=True)

    class Meta:
        model = Action
        fields = ["title", "due_on", "workstream", "progress"]
        labels = {"title": "What is to be done"}
        widgets = {
            "workstream": forms.RadioSelect,
            "progress": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "title": {"required": "Say what is to be done."},
            "workstream": {"invalid_choice": "Choose one of the workstreams."},
        }

    field_of = {"owner_person": "owner", "owner_organisation": "owner"}
    field_order = ["title", "owner", "due_on", "workstream", "progress"]

    def __init__(self, *args, agreement, user, **kwargs):
        super().__init__(*args, agreement=agreement, **kwargs)
        self.instance.agreement = agreement
        workstreams = Workstream.objects.visible_to(user).of(agreement)
        own = workstreams.filter(pk=self.instance.workstream_id)
        self.fields["workstream"].queryset = (workstreams.current() | own).order_by("position", "name")
        self.fields["workstream"].empty_label = "None"
        if self.instance.pk:
            self.fields["owner"].initial = (self.instance.owner_person, self.instance.owner_organisation)

    def clean(self):
        """Set the owner on the action, and the day on which the progress changed."""
        owner = self.cleaned_data.get("owner") or (None, None)
        self.instance.owner_person, self.instance.owner_organisation = owner
        if "progress" in self.changed_data:
            self.instance.progress_on = timezone.localdate() if self.cleaned_data.get("progress") else None
        return super().clean()

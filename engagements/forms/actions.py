"""The form of one action, and the filters of their list."""

from django import forms
from django.db.models import F
from django.utils import timezone

from contacts.forms import OwnerField, WithContacts
from contacts.models import Organisation
from engagements.models import Action
from pages.forms import RecordForm
from partnership.models import Party
from records.keys import whole_number
from workstreams.models import Workstream


class ActionForm(WithContacts, RecordForm):
    """What is to be done, by whom, by when."""

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
        """Put the owner on the row."""
        owner = self.cleaned_data.get("owner") or (None, None)
        self.instance.owner_person, self.instance.owner_organisation = owner
        if "progress" in self.changed_data:
            self.instance.progress_on = timezone.localdate() if self.cleaned_data.get("progress") else None
        return super().clean()


class ActionFilter(forms.Form):
    """The filters of the list of actions, as they stand in the address. What is malformed is said, and left out."""

    SHOW = (("open", "Open"), ("overdue", "Overdue"), ("done", "Done"), ("all", "All"))

    show = forms.ChoiceField(choices=SHOW, required=False)
    mine = forms.BooleanField(required=False)
    party = forms.ChoiceField(required=False)
    workstream = forms.ChoiceField(required=False)
    organisation = forms.ModelChoiceField(None, required=False)

    def __init__(self, data, *, user, agreement):
        super().__init__(data)
        self.user, self.agreement = user, agreement
        self.parties = list(Party.objects.visible_to(user).of(agreement))
        self.workstreams = list(Workstream.objects.visible_to(user).of(agreement))
        self.fields["party"].choices = [(str(party.pk), str(party)) for party in self.parties]
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user).of(agreement)
        self.fields["workstream"].choices = [(stream.slug, stream.name) for stream in self.workstreams]

    @property
    def chosen(self):
        """What was chosen and is well formed."""
        return {} if self.errors is None else {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def shown(self):
        """Which of ``SHOW`` applies."""
        return self.chosen.get("show", "open")

    @property
    def chosen_party(self):
        """The party filtered by, or None."""
        return next((party for party in self.parties if str(party.pk) == self.chosen.get("party")), None)

    @property
    def chosen_workstream(self):
        """The workstream filtered by, or None."""
        return next((stream for stream in self.workstreams if stream.slug == self.chosen.get("workstream")), None)

    @property
    def is_narrowed(self):
        """Whether anything but done or not is filtered."""
        return bool(self.chosen.keys() - {"show"})

    @property
    def problems(self):
        """A sentence for each parameter that could not be used."""
        return [f"“{name}” in the address is not understood, so this filter is left out." for name in self.errors]

    def narrowed(self):
        """The actions that all filters but ``show`` let through."""
        actions = Action.objects.visible_to(self.user).of(self.agreement)
        if self.chosen.get("mine"):
            actions = actions.mine(self.user)
        if self.chosen_party:
            actions = actions.of_party(self.chosen_party)
        if self.chosen.get("organisation"):
            actions = actions.of_organisation(self.chosen["organisation"], self.user)
        return actions.of_workstream(self.chosen_workstream) if self.chosen_workstream else actions

    def actions(self):
        """The actions to show, sorted by their day; the one just pressed (``just``) among them in its place."""
        actions, today = self.narrowed(), timezone.localdate()
        words = {"open": actions.open, "overdue": lambda: actions.overdue(today), "done": actions.done}
        shown = words[self.shown]() if self.shown in words else actions
        just = whole_number(self.data.get("just", ""))
        if just:
            shown = shown | actions.filter(pk=just)
        order = {"done": [F("done_on").desc(nulls_first=True)], "all": [F("done_on").desc(nulls_first=True)]}
        by_day = F("due_on").asc(nulls_last=True)
        return shown.with_owner(self.user).with_may_finish(self.user).order_by(*order.get(self.shown, []), by_day, "pk")

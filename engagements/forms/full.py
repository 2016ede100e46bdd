"""The full form of an engagement, new or existing."""

from functools import cached_property

from django import forms
from django.db import transaction
from django.forms.utils import ErrorDict
from django.utils import timezone

from contacts.forms import OrganisationsField
from engagements.forms.action_rows import action_rows, with_another_row
from engagements.forms.log import LogForm
from engagements.forms.repeats import RepeatsForm, day_of
from engagements.models import Action, Committee, Engagement, Participation
from engagements.models.engagement import Mode, Status
from engagements.operations.engagement import NotPossibleError, change_engagement
from engagements.operations.merging import facts_of, name_of
from engagements.operations.related_rows import note_attendance
from engagements.operations.series import change_this_and_later, log_series
from pages.fields import date_field, link_field, time_field
from records.deletion import InUseError
from records.edit_conflicts import ConflictError
from records.limits import PASTED_TEXT

STATES = [choice for choice in Status.choices if choice[0] != Status.CANCELLED]
"""The states that the form offers. Cancelling and reinstating are separate operations."""
ANOTHER_ROW = "another_action"
"""The name of the button that sends the form to get one more blank row."""
MOST_DECISIONS = 200
DECISION_LENGTH = 5_000


class FullForm(LogForm):
    mark_optional = False
    field_of = {"hosts": "host_list", "people": "who"}
    field_order = [
        *("title", "kind", "status", "starts_on", "start_time", "end_time", "ends_on", "mode", "venue", "joining_link"),
        *("time_zone", "is_public_event", "source_url"),
        *("host_list", "committee", "who", "head_count", "chatham_house"),
        *("workstreams", "summary", "outcomes", "decisions"),
    ]

    ends_on = date_field(required=False, label="Last day", help_text="Only if it lasts more than one day.")
    start_time = time_field(label="From")
    end_time = time_field(label="To")
    joining_link = link_field(label="Joining link")
    source_url = link_field(label="Public page", help_text="Where the event is announced or reported.")
    host_list = OrganisationsField(label="Hosts", required=False)
    head_count = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=1_000_000,
        label="Head-count",
        help_text="How many came, where names were not taken.",
    )
    scope = forms.ChoiceField(
        label="It is one of a series. Save this for",
        choices=[("this", "Only this one"), ("later", "This one and later")],
        initial="this",
        required=False,
        widget=forms.RadioSelect,
        help_text="What you change here is changed there too, unless it was changed on one of them alone.",
    )
    decisions = forms.CharField(
        required=False,
        max_length=PASTED_TEXT,
        label="Decisions",
        help_text="One a line.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        required=False,
        label="Committee",
        help_text="Those who hold a seat on it take part in its meeting.",
        empty_label="None",
    )

    class Meta:
        model = Engagement
        fields = [
            "title",
            "kind",
            "status",
            "starts_on",
            "start_time",
            "end_time",
            "ends_on",
            "time_zone",
            "mode",
            "venue",
            "joining_link",
            "committee",
            "head_count",
            "chatham_house",
            "summary",
            "outcomes",
            "is_public_event",
            "source_url",
        ]
        labels = {"status": "State", "mode": "How people meet", "venue": "Venue"}
        widgets = {
            "kind": forms.RadioSelect,
            "status": forms.RadioSelect,
            "mode": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 2}),
            "outcomes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data=None, **kwargs):
        self.is_unfinished = data is not None and ANOTHER_ROW in data
        data = with_another_row(data) if self.is_unfinished else data
        super().__init__(data, **kwargs)
        self.fields["workstreams"].label = "Workstreams"
        self.fields["time_zone"].error_messages["required"] = "Give a time zone. Europe/London is one."
        self.fields["mode"].choices = [("", "Not said"), *Mode.choices]
        self.fields["committee"].queryset = Committee.objects.visible_to(self.user).of(self.agreement)
        self.fields["who"].label = "Who came" if self.is_held else "Who came or is invited"
        if self.instance.pk is None or self.instance.is_off:
            del self.fields["status"]
        else:
            self.fields["status"].choices = STATES
        if not self.may_change_later:
            del self.fields["scope"]
        if self.instance.pk:
            self.initial = self.lists_there | self.initial
        self.rows = action_rows(data, self.actions_there.values(), agreement=self.agreement)
        # An existing engagement is repeated from its record.
        self.repeats = RepeatsForm(data, self.instance, day_of(self)) if self.instance.pk is None else None
        if self.is_unfinished:
            self._forget_errors()
            # When drafts.js restores rows, nobody has pressed the button.
            if "restore" not in data:
                self.rows.forms[-1].fields["title"].widget.attrs["autofocus"] = True

    @property
    def may_change_later(self):
        """Whether a change can apply to the later dates of its series: it is in one, not cancelled and not over."""
        return bool(self.instance.series_id) and not (self.instance.is_off or self.is_held or self.instance.is_over)

    @property
    def is_held(self):
        return self.instance.status == Status.HELD

    @cached_property
    def lists_there(self):
        """The stored people, hosts, workstreams and decisions, as initial values of their fields."""
        engagement = self.instance
        seen = Participation.objects.visible_to(self.user).filter(engagement=engagement).order_by("id")
        return {
            "who": [participation.person_id for participation in seen],
            "host_list": list(engagement.hosts.order_by("host_links__id")),
            "workstreams": list(engagement.workstreams.all()),
            "decisions": "\n".join(decision.text for decision in engagement.decisions.all()),
        }

    def parts_there(self):
        """The stored lists, and each action, as ``change_engagement`` compares them."""
        lists = self.lists_there
        return {
            "people": lists["who"],
            "hosts": lists["host_list"],
            "workstreams": lists["workstreams"],
            "decisions": lists["decisions"].splitlines(),
        } | {name_of(action): [facts_of(action)] for action in self.actions_there.values()}

    @cached_property
    def actions_there(self):
        """{key: action} of the stored actions; {} for a new engagement."""
        if self.instance.pk is None:
            return {}
        actions = Action.objects.visible_to(self.user).filter(engagement=self.instance).with_owner(self.user)
        return {action.pk: action for action in actions}

    def _forget_errors(self):
        """Remove all errors: somebody who asks for another row has not finished the form."""
        for form in (self, *self.rows.forms):
            form._errors, form.cleaned_data = ErrorDict(), {}

    def is_valid(self):
        """Whether the form, its rows of actions and its repetition can be saved."""
        parts = [super().is_valid(), self.rows.is_valid(), self.repeats is None or self.repeats.is_valid()]
        return not self.is_unfinished and all(parts)

    @property
    def faults_of_parts(self):
        """The number of errors in the rows of actions and in the repetition."""
        of_repeats = len(self.repeats.errors) if self.repeats and not self.is_unfinished else 0
        return self.rows.total_error_count() + of_repeats

    @property
    def is_repeated(self):
        """Whether it is logged as the first of a series."""
        return bool(self.repeats and self.repeats.is_chosen)

    @property
    def lies_past(self):
        """As in ``LogForm``, but false for a series that began in the past: its next dates are still to come."""
        return super().lies_past and not self.is_repeated

    def clean_decisions(self):
        """The decisions as a list of texts, one for each line."""
        lines = [line.strip() for line in self.cleaned_data["decisions"].splitlines() if line.strip()]
        if len(lines) > MOST_DECISIONS:
            raise forms.ValidationError(f"These are {len(lines)} lines, at most {MOST_DECISIONS} are possible.")
        for number, line in enumerate(lines, start=1):
            if len(line) > DECISION_LENGTH:
                raise forms.ValidationError(
                    f"Line {number} has {len(line)} characters, at most {DECISION_LENGTH} are possible."
                )
        return lines

    def clean(self):
        """Check the committee against the kind, and the state against the date."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and first == last:
            cleaned["ends_on"] = None
        is_meeting = cleaned.get("kind") == Engagement.Kind.COMMITTEE
        if cleaned.get("committee") and cleaned.get("kind") and not is_meeting:
            self.add_error("committee", "Only a committee meeting has a committee: choose that kind, or no committee.")
        if is_meeting and not cleaned.get("committee") and self.instance.pk is None:
            cleaned["committee"] = self.only_committee()
        if cleaned.get("status") == Status.HELD and first and first > timezone.localdate():
            self.add_error("status", "Its day is still to come, so it cannot have taken place yet.")
        return cleaned

    def log(self, *, notify=True):
        """Log a new engagement with all its parts. Returns it; if this form was sent before, the one saved then."""
        how = {"decisions": self.cleaned_data["decisions"], "actions": self.rows.changes({})[0], "notify": notify}
        if not self.is_repeated:
            return super().log(**how)
        return super().log(log_series, series=self.repeats.changed, record_past=self.repeats.records_past, **how)

    def save_changes(self, *, notify=True):
        """Save an existing engagement with all its parts. Returns it.

        The people concerned are notified unless ``notify`` is false. Each error is shown on the form, then raised:
        ConflictError where somebody else changed the same since the form was opened; NotPossibleError, beside the date,
        where the later dates of a series cannot follow; InUseError, above the form, for an action that this party may
        not delete.
        """
        kept, removed = self.rows.changes(self.actions_there)
        save = change_this_and_later if self.cleaned_data.get("scope") == "later" else change_engagement
        try:
            with transaction.atomic():
                people = self.people()
                engagement = self.apply(
                    save,
                    people=list(people),
                    hosts=self.hosts(),
                    workstreams=self.cleaned_data["workstreams"],
                    decisions=self.cleaned_data["decisions"],
                    actions=kept,
                    removed_actions=removed,
                    notify=notify,
                    by=self.user,
                )
                note_attendance(engagement, people)
                return engagement
        except ConflictError as error:
            self.show(error)
            raise
        except NotPossibleError as error:
            self.add_error("starts_on", str(error))
            raise
        except InUseError as error:
            self.add_error(None, str(error))
            raise

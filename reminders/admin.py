"""Django admin: reminder rules and preferences to edit, the ledger and the queue of changes to read."""

from django import forms
from django.contrib import admin

from engagements.models import Engagement
from records.admin import AdminRecordForm, ReadOnlyAdmin, RecordAdmin, RecordInline, VisibleRowsAdmin
from reminders.forms.rules import StepForm
from reminders.models import Delivery, Preference, ReplanRequest, Rule, Step, participants
from reminders.notification_types import by_rules
from reminders.operations.preferences import delete_preference, save_preference
from reminders.operations.rules import delete_rule, save_rule
from reminders.presenters.offered_topics import OFFERED


class RuleAdminForm(AdminRecordForm):
    """A rule, with checkboxes for kinds of engagement and audience. Its own kind is chosen once and never changes."""

    engagement_kinds = forms.MultipleChoiceField(
        label="Of which kinds",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Only for what is about engagements.",
    )
    audience = forms.MultipleChoiceField(
        label="Whom it tells", choices=Rule.Audience, widget=forms.CheckboxSelectMultiple, initial=participants
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = [(one.kind, one.rule.label) for one in by_rules()]


class StepAdminForm(AdminRecordForm, StepForm):
    class Meta(StepForm.Meta):
        pass


class StepInline(RecordInline, admin.TabularInline):
    model = Step
    form = StepAdminForm
    fields = ["number", "side", "at", "repeats_every"]
    extra = 1


@admin.register(Rule)
class RuleAdmin(RecordAdmin):
    """Rules with their steps. A change takes effect with the next sweep, within half a minute."""

    list_display = ["name", "agreement", "kind_in_words", "is_active"]
    list_filter = ["agreement", "kind", "is_active"]
    list_select_related = ["agreement"]
    search_fields = ["name"]
    fields = [
        "agreement",
        "kind",
        "name",
        "engagement_kinds",
        "audience",
        "on_working_days",
        "subject",
        "text",
        "is_active",
    ]
    immutable_fields = ["agreement", "kind"]
    inlines = [StepInline]
    form = RuleAdminForm
    history_parts = [(Step, "rule", "step", "days")]
    save_verb, delete_verb = save_rule, delete_rule

    def save_formset(self, request, form, formset, change):
        """Save the steps through ``save_rule``: they have no operation of their own."""
        steps = formset.save(commit=False)
        save_rule(form.instance, steps=steps, removed=formset.deleted_objects, by=request.user)


@admin.register(Preference)
class PreferenceAdmin(RecordAdmin):
    """What people have chosen to receive. They choose it themselves; an administrator corrects it here on request."""

    list_display = ["person", "agreement", "meetings", "invitations", "actions", "paused_until"]
    list_filter = ["agreement", "meetings", "invitations"]
    list_select_related = ["person", "agreement"]
    search_fields = ["person__name", "person__email"]
    autocomplete_fields = ["person"]
    immutable_fields = ["person"]
    fields = ["person", *(topic.name for topic in OFFERED), "quiet_from", "quiet_to", "paused_until"]
    save_verb, delete_verb = save_preference, delete_preference


@admin.register(Delivery)
class DeliveryAdmin(VisibleRowsAdmin):
    """The ledger: each delivery, and what became of it."""

    list_display = ["due_at", "kind", "state", "reason", "state_at", "person", "title", "step", "agreement"]
    list_filter = ["state", "kind", "is_by_hand", "agreement"]
    list_select_related = ["person", "step", "agreement"]
    search_fields = ["person__name", "title"]


@admin.register(ReplanRequest)
class ReplanRequestAdmin(ReadOnlyAdmin):
    """Changes that wait to be planned. Many of them, or old ones, mean that no worker plans them."""

    list_display = ["what", "key", "at"]
    list_filter = ["what"]

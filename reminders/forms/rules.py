"""The form of a reminder rule with its steps."""

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from engagements.models import Engagement
from pages.error_messages import PlainMessages
from pages.forms import RecordForm
from records.formsets import AgreementFormSet
from reminders.models import Rule, Step
from reminders.models.rules import FURTHEST
from reminders.notification_types import audience_choices

MOST_STEPS = 10
BLANK_ROWS = 2

BEFORE, AFTER = "before", "after"


class RuleForm(RecordForm):
    """The form of a rule, without the fields that do not apply to its kind."""

    mark_optional = False

    engagement_kinds = forms.MultipleChoiceField(
        label="Kinds of engagement",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of engagement."},
    )
    audience = forms.MultipleChoiceField(
        label="Whom it tells",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one group of people."},
    )

    class Meta:
        model = Rule
        fields = ["name", "engagement_kinds", "audience", "on_working_days", "subject", "text"]
        labels = {"on_working_days": "On working days only"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"name": {"required": "Give it a name."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = choices = audience_choices(self.instance.kind)
        if not self.instance.options.is_of_engagements:
            del self.fields["engagement_kinds"]
        if len(choices) == 1:
            del self.fields["audience"]
            self.instance.audience = [choices[0][0]]
        elif self.instance.pk is None:
            self.initial["audience"] = [choices[0][0]]

    def parts_there(self):
        return {"steps": [str(step) for step in self.instance.steps.all()]}

    def _get_validation_exclusions(self):
        # These fields have values even if they are not on the form, so their constraints are checked here.
        return super()._get_validation_exclusions() - {"agreement", "kind", "engagement_kinds"}

    def unique_error_message(self, model_class, unique_check):
        return forms.ValidationError("Another rule has this name.")

    def validate_unique(self):
        """Show a duplicate name as an error beside its field."""
        rules = Rule.objects.of(self.instance.agreement).filter(name=self.cleaned_data.get("name"))
        if rules.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "Another rule has this name.")


class StepForm(PlainMessages, forms.ModelForm):
    """The form of a step: a number of days before or after the day, a time of day, and days between repetitions.

    ``options`` are the ``RuleOptions`` of its rule. Fields that they exclude are left out; without them all are shown.
    """

    mark_optional = False

    number = forms.IntegerField(
        label="Days",
        min_value=0,
        max_value=FURTHEST,
        error_messages={"required": "Say how many days; 0 is the day itself."},
    )
    side = forms.ChoiceField(
        label="Before or after", choices=[(BEFORE, "before"), (AFTER, "after")], required=False, initial=BEFORE
    )

    class Meta:
        model = Step
        fields = ["at", "repeats_every"]
        labels = {"at": "At", "repeats_every": "Then every"}
        help_texts = {"repeats_every": ""}
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        error_messages = {"at": {"required": "Say at what time of day."}}

    field_order = ["number", "side", "at", "repeats_every"]

    def __init__(self, *args, options=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.options = options
        if self.instance.days is not None:
            self.initial |= {"number": abs(self.instance.days), "side": AFTER if self.instance.days > 0 else BEFORE}
        if options and not (options.goes_before and options.goes_after):
            del self.fields["side"]
            self.fields["number"].label = "Days before" if options.goes_before else "Days after"
        if options and not options.can_repeat:
            del self.fields["repeats_every"]

    def _get_validation_exclusions(self):
        known = {"days"} & self.cleaned_data.keys()
        return super()._get_validation_exclusions() - known

    def clean(self):
        """Set ``days`` on the row, negative for days before."""
        cleaned = super().clean()
        number = cleaned.get("number")
        if number is None:
            return cleaned
        only_after = self.options is not None and not self.options.goes_before
        is_after = only_after or cleaned.get("side") == AFTER
        cleaned["days"] = self.instance.days = number if is_after else -number
        if cleaned.get("repeats_every") and self.instance.days < 0:
            self.add_error("repeats_every", "Only a time on the day or after it can be repeated.")
        return cleaned


class BaseSteps(AgreementFormSet, BaseInlineFormSet):
    """The steps of a rule: at least one, and no two the same."""

    default_error_messages = BaseInlineFormSet.default_error_messages | {
        "missing_management_form": "The lead times were damaged on their way. Load the page again.",
        "too_many_forms": f"At most {MOST_STEPS} lead times are possible.",
    }

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"options": self.instance.options}

    def add_fields(self, form, index):
        """Label the box that removes a step, and explain the error of a step that somebody else has removed."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Remove this time"
        gone = "Somebody else has taken this lead time out meanwhile. Leave the page and open it again to see the rule."
        if "id" in form.fields:
            form.fields["id"].error_messages = form.fields["id"].error_messages | {"invalid_choice": gone}

    def get_unique_error_message(self, unique_check):
        """Return the message that is shown once, above the rows."""
        return "Two lead times are the same: change or remove one."

    def clean(self):
        """At least one row must have days and a time."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data.get("at") and form not in self.deleted_forms]
        if not [form for form in kept if form.cleaned_data.get("number") is not None]:
            raise forms.ValidationError("Give at least one lead time: how many days, and at what time.")


Steps = inlineformset_factory(
    Rule,
    Step,
    form=StepForm,
    formset=BaseSteps,
    extra=BLANK_ROWS,
    max_num=MOST_STEPS,
    absolute_max=MOST_STEPS + 5,
    validate_max=True,
    can_delete_extra=False,
)

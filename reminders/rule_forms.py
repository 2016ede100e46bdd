"""The form of a reminder rule with its lead times."""

from django import forms
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from engagements.forms.plain import PlainWords
from engagements.models import Engagement
from partnership.admin_record import PartFormSet
from reminders.models import Rule, Step

MOST_STEPS = 10
BLANK_ROWS = 2


class RuleForm(PlainWords, forms.ModelForm):
    """Of what, to whom, and in which words."""

    mark_optional = False

    kinds = forms.MultipleChoiceField(
        label="Kinds of engagement",
        choices=Engagement.Kind,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of engagement."},
    )
    audience = forms.MultipleChoiceField(
        label="Whom it tells",
        choices=Rule.Audience,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one group of people."},
    )

    class Meta:
        model = Rule
        fields = ["name", "kinds", "audience", "subject", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"name": {"required": "Give it a name."}}

    def _get_validation_exclusions(self):
        # The agreement is known, so that two rules of one name are told apart here and not by the database.
        return super()._get_validation_exclusions() - {"agreement"}

    def unique_error_message(self, model_class, unique_check):
        """Say which."""
        return forms.ValidationError("Another rule has this name.")

    def validate_unique(self):
        """The name beside its field."""
        rules = Rule.objects.of(self.instance.agreement).filter(name=self.cleaned_data.get("name"))
        if rules.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "Another rule has this name.")


class StepForm(PlainWords, forms.ModelForm):
    """One lead time."""

    class Meta:
        model = Step
        fields = ["days_before", "at"]
        labels = {"days_before": "Days before", "at": "At"}
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        error_messages = {
            "days_before": {"required": "Say how many days before; 0 is the day itself."},
            "at": {"required": "Say at what time of day."},
        }


class BaseSteps(PartFormSet, BaseInlineFormSet):
    """The lead times of a rule, at least one, none twice."""

    default_error_messages = BaseInlineFormSet.default_error_messages | {
        "missing_management_form": "The lead times were damaged on their way. Load the page again.",
        "too_many_forms": f"At most {MOST_STEPS} lead times are possible.",
    }

    def get_unique_error_message(self, unique_check):
        """Say it once, above the rows."""
        return "Two lead times are the same: change or remove one."

    def clean(self):
        """Something must say when."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data.get("at") and form not in self.deleted_forms]
        if not [form for form in kept if form.cleaned_data.get("days_before") is not None]:
            raise forms.ValidationError("Give at least one lead time: how many days before, and at what time.")


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

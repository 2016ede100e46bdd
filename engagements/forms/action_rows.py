"""The actions of an engagement as rows of its form: existing actions, then blank rows for new ones."""

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory

from contacts.forms import OwnerField, WithContacts
from engagements.models import Action
from engagements.operations.related_rows import ACTION_FIELDS
from pages.error_messages import PlainMessages
from pages.fields import date_field

PREFIX = "actions"
BLANK_ROWS = 2
MOST_ROWS = 100
COUNTS = (f"{PREFIX}-TOTAL_FORMS", f"{PREFIX}-INITIAL_FORMS")


class ActionRow(PlainMessages, WithContacts, forms.Form):
    """One action: title, owner and due date. ``id`` is the key of an existing action."""

    mark_optional = False

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=300, label="What is to be done")
    owner = OwnerField(required=False, label="Who does it", help_text="")
    due_on = date_field(required=False, label="Due")

    def clean(self):
        """Require a title and an owner in a row that is used. An empty row gives no action."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get(DELETION_FIELD_NAME):
            return cleaned
        has_owner = any(cleaned.get("owner") or ())
        is_used = cleaned.get("id") or cleaned.get("title") or cleaned.get("due_on") or has_owner
        if is_used and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "Say what is to be done.")
        if is_used and not has_owner and "owner" not in self.errors:
            self.add_error("owner", self.fields["owner"].error_messages["required"])
        return cleaned

    @property
    def is_removed(self):
        """Whether "Remove this action" is ticked."""
        return bool(self.cleaned_data.get(DELETION_FIELD_NAME))

    def put_on(self, action):
        """Set the values of the row on ``action``. Returns it."""
        action.title, action.due_on = self.cleaned_data["title"], self.cleaned_data["due_on"]
        action.owner_person, action.owner_organisation = self.cleaned_data["owner"]
        return action

    def changed(self, action):
        """Set the values of the row on ``action``. Returns ``[action]``, or ``[]`` where they were the same already."""
        before = [getattr(action, name) for name in ACTION_FIELDS]
        self.put_on(action)
        return [action] if before != [getattr(action, name) for name in ACTION_FIELDS] else []


class BaseActionRows(BaseFormSet):
    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": "The rows of actions were damaged on their way. Load the page again.",
    }

    def add_fields(self, form, index):
        """Label the box that removes an existing action."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Remove this action"

    def changes(self, there):
        """(new and changed actions, actions to delete). The rows must be valid.

        ``there`` is {key: action} of the existing ones. The row of an action that somebody else has deleted meanwhile
        gives a new action.
        """
        kept, removed = [], []
        for row in self.forms:
            action = there.get(row.cleaned_data.get("id"))
            if row.cleaned_data and row.is_removed:
                removed += [action] if action else []
            elif row.cleaned_data.get("title"):
                kept += row.changed(action) if action else [row.put_on(new_action(row.cleaned_data.get("id")))]
        return kept, removed


def new_action(replaces=None):
    """A new action. ``replaces`` is the key of a deleted action whose row it takes over."""
    action = Action()
    action.replaces = replaces
    return action


ActionRows = formset_factory(
    ActionRow,
    BaseActionRows,
    extra=BLANK_ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    can_delete=True,
    can_delete_extra=False,
)


def action_rows(data, actions, *, agreement):
    """The rows for ``data`` as a browser sent it or, where it is None, for the existing ``actions`` and blank ones.

    A program that sends no rows changes no actions.
    """
    if data is not None and COUNTS[0] not in data:
        data = dict.fromkeys(COUNTS, "0")
    initial = [
        {
            "id": action.pk,
            "title": action.title,
            "owner": (action.owner_person, action.owner_organisation),
            "due_on": action.due_on,
        }
        for action in actions
    ]
    return ActionRows(data, initial=initial, prefix=PREFIX, form_kwargs={"agreement": agreement})


def with_another_row(data):
    """A copy of the ``data`` of a form with one more blank row, up to ``MOST_ROWS``."""
    data = data.copy()
    total = data.get(COUNTS[0], "")
    if total.isdecimal() and int(total[:4]) < MOST_ROWS:
        data[COUNTS[0]] = str(int(total) + 1)
    return data

"""The attendance sheet: a row for everybody who takes part, and a field to add people."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.safestring import mark_safe

from contacts.forms import PeopleField, WithContacts
from engagements.models import Participation
from pages.error_messages import PlainMessages


def _radios(choices):
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect, show_hidden_initial=True)


class PersonRow(PlainMessages, forms.Form):
    """One person: role, reply (before it begins) or attendance (after), and whether to remove them from the list.

    The form sends back the values that it showed along with those chosen. So only real changes are saved, and two
    people who take attendance together do not undo each other's changes.
    """

    role = forms.ChoiceField(
        choices=Participation.Role, show_hidden_initial=True, widget=forms.Select(attrs={"class": "form-select"})
    )
    reply = _radios(Participation.Reply)
    attendance = _radios(Participation.Attendance)
    leaves = forms.BooleanField(required=False)

    def __init__(self, data, participation, *, has_begun):
        names = ("role", "reply", "attendance")
        prefix = f"p{participation.pk}"
        # Somebody who was added since the sheet was opened is not on it, and stays unchanged.
        data = data if data and f"{prefix}-role" in data else None
        super().__init__(data, prefix=prefix, initial={name: getattr(participation, name) for name in names})
        self.participation = participation
        del self.fields["reply" if has_begun else "attendance"]

    @property
    def state(self):
        """The bound field of the reply or, once the engagement has begun, of the attendance."""
        return self["attendance" if "attendance" in self.fields else "reply"]

    @property
    def as_shown(self):
        """The values that the sheet showed, as hidden fields."""
        fields = (field for field in self if field.field.show_hidden_initial)
        return mark_safe("".join(field.as_hidden(only_initial=True) for field in fields))  # noqa: S308 (Django's widgets)

    @property
    def leaves_list(self):
        """Whether to remove the person from the list."""
        return self.is_bound and self.cleaned_data["leaves"]

    @property
    def seen(self):
        """{field: value that the sheet showed when it was opened}."""
        names = [name for name in ("role", "reply", "attendance") if name in self.fields]
        return {name: self.data[key] for name in names if (key := self.add_initial_prefix(name)) in self.data}

    def put_on_row(self, *, came=False):
        """Set the changes on the participation. Returns whether anything changed.

        With ``came``, this also fills in attendance that nobody has recorded: apologies for a person who sent them,
        otherwise that they came, unless they declined.
        """
        changed = [name for name in self.changed_data if name != "leaves"]
        for name in changed:
            if name == "reply":
                self.participation.record_reply(self.cleaned_data[name], timezone.now())
            else:
                setattr(self.participation, name, self.cleaned_data[name])
        person = self.participation
        if came and not person.attendance and person.sent_apologies:
            person.attendance = Participation.Attendance.APOLOGIES
            return True
        if came and not person.attendance and person.reply != Participation.Reply.DECLINED:
            person.attendance = Participation.Attendance.CAME
            return True
        return bool(changed)


class AddPeopleForm(PlainMessages, WithContacts, forms.Form):
    mark_optional = False

    who = PeopleField(label="Add people", required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class AttendanceSheet:
    """All rows and the field to add people, as one form. ``participations`` are those that the user may see."""

    def __init__(self, data, participations, *, agreement, has_begun):
        self.rows = [PersonRow(data, each, has_begun=has_begun) for each in participations]
        self.add = AddPeopleForm(data, agreement=agreement)
        self.all_came = data is not None and "all_came" in data

    @property
    def seen(self):
        """{key of a participation: {field: value that the sheet showed}}."""
        return {row.participation.pk: row.seen for row in self.rows if row.is_bound}

    def show(self, conflict):
        """Show the changes that somebody else saved meanwhile. Sent again, the sheet replaces them."""
        self.add.conflict = conflict
        for row in self.rows:
            row.data = row.data.copy() if row.is_bound else row.data
            for name, value in conflict.marks.get(row.participation.pk, {}).items():
                row.data[row.add_initial_prefix(name)] = value

    def is_valid(self):
        """Whether every row and the people to add are valid."""
        rows = [row.is_valid() for row in self.rows if row.is_bound]
        return self.add.is_valid() and all(rows)

    def changed(self):
        """The changed participations, with the new values set on them, ready to save."""
        staying = [row for row in self.rows if row.is_bound and not row.leaves_list]
        return [row.participation for row in staying if row.put_on_row(came=self.all_came)]

    def removed(self):
        """The participations to delete."""
        return [row.participation for row in self.rows if row.leaves_list]

    @property
    def nothing_is_known(self):
        """Whether nobody's attendance is recorded."""
        return not any(row.participation.attendance for row in self.rows)

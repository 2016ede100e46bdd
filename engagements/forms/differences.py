"""Where what somebody typed differs from what somebody else saved meanwhile."""

import datetime as dt
from dataclasses import dataclass

from engagements.models import Action, Participation
from pages.words import date_in_words


@dataclass(frozen=True)
class Difference:
    """One field of which there are two versions, both in words; "" for empty."""

    label: str
    theirs: str
    yours: str


def differences(form, current):
    """The ``Difference``s between a valid form and ``current``, the engagement as it was saved meanwhile."""
    found = [*_of_fields(form, current), *_of_parts(form, current), *_of_actions(form, current)]
    return [difference for difference in found if difference.theirs != difference.yours]


def _of_fields(form, current):
    for name in form._meta.fields:
        if name in form.fields:
            label = form.fields[name].label
            yield Difference(label, in_words(current, name), in_words(form.instance, name))


def _of_parts(form, current):
    cleaned = form.cleaned_data
    people = Participation.objects.visible_to(form.user).filter(engagement=current).select_related("person")
    parts = {
        "host_list": (map(str, current.hosts.all()), [str(e.organisation or e.name) for e in cleaned["host_list"]]),
        "workstreams": (map(str, current.workstreams.all()), map(str, cleaned["workstreams"])),
        "who": ((p.person.name for p in people), [e.person.name if e.person else e.name for e in cleaned["who"]]),
    }
    for name, (theirs, yours) in parts.items():
        yield Difference(form.fields[name].label, ", ".join(sorted(theirs)), ", ".join(sorted(yours)))
    decided = [decision.text for decision in current.decisions.all()]
    yield Difference(form.fields["decisions"].label, "\n".join(decided), "\n".join(cleaned["decisions"]))


def _of_actions(form, current):
    """The actions that the form shows: new rows take nothing from anybody."""
    saved = Action.objects.visible_to(form.user).filter(engagement=current).with_owner(form.user)
    theirs = {action.pk: action_in_words(action) for action in saved}
    for number, row in enumerate(form.rows.forms, start=1):
        key = row.cleaned_data.get("id")
        if key:
            yours = "Removed" if row.is_to_go else action_in_words(row.put_on(Action()))
            yield Difference(f"Action {number}", theirs.get(key, "Removed"), yours)


def in_words(engagement, name):
    """What stands in a field of an engagement, in words."""
    value = getattr(engagement, name)
    if hasattr(engagement, f"get_{name}_display"):
        return getattr(engagement, f"get_{name}_display")()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return date_in_words(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def action_in_words(action):
    """What, who, by when."""
    due = f", due {date_in_words(action.due_on)}" if action.due_on else ""
    return f"{action.title}: {action.owner_names[0]}{due}"

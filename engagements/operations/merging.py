"""Compares and merges the lists of an engagement when two people edit it (``records.edit_conflicts``)."""

from contacts.models import Person
from engagements.models import Participation
from records.edit_conflicts import ConflictError, Difference, Part, merge


def merge_engagement(engagement, seen, current, lists, actions, removed_actions):
    """``merge`` an engagement with its lists and actions. Returns (lists, actions, removed actions) to save.

    ``lists`` is {name: the new list, or None}. In the result, a list is None and an action is missing where somebody
    else changed it and this form does not touch it.
    """
    parts = parts_of(current, **lists, actions=actions, removed_actions=removed_actions)
    kept = merge(engagement, seen, current=current, **parts)
    lists = {name: None if name in kept else given for name, given in lists.items()}
    return lists, *([each for each in given if name_of(each) not in kept] for given in (actions, removed_actions))


def parts_of(stored, *, hosts, workstreams, people, decisions, actions, removed_actions):
    """{name: ``Part``} of the lists and actions to save. A list that is None has no part."""
    given = {
        "hosts": ("Hosts", stored.hosts.all, hosts),
        "workstreams": ("Workstreams", stored.workstreams.all, workstreams),
        "people": ("People", Person.objects.filter(participations__engagement=stored).all, people),
        "decisions": ("Decisions", lambda: [each.text for each in stored.decisions.all()], decisions),
    }
    parts = {
        name: Part(label, list(there()), list(mine)) for name, (label, there, mine) in given.items() if mine is not None
    }
    return parts | _actions(stored, actions, removed_actions)


def facts_of(action):
    """(title, person, organisation, due date) of an action, by keys, as the form of an engagement holds it.

    The organisation is None where a person owns the action.
    """
    organisation = None if action.owner_person_id else action.owner_organisation_id
    return action.title, action.owner_person_id, organisation, action.due_on


def name_of(action):
    """The name of an action's part. An action that replaces a deleted one is named by the key of that one."""
    return f"action-{action.pk or getattr(action, 'replaces', None)}"


def _actions(stored, actions, removed):
    there = {each.pk: each for each in stored.actions.select_related("owner_person", "owner_organisation")}
    mine = {name_of(action): [action] for action in actions} | {name_of(action): [] for action in removed}
    parts = {}
    for number, (name, given) in enumerate(mine.items(), start=1):
        key = name.partition("-")[2]
        stored_one = there.get(int(key)) if key.isdecimal() else None
        theirs = [stored_one] if stored_one else []
        parts[name] = ActionPart(f"Action {number}", theirs, given)
    return parts


class ActionPart(Part):
    """One action, or none where it was removed. It is compared by ``facts_of``."""

    @property
    def compared(self):
        return [facts_of(action) for action in self.theirs], [facts_of(action) for action in self.mine]

    def in_words(self, rows):
        """ "Send the draft: Ana Lee, due 5 May 2026", or "Removed"."""
        return ", ".join(map(_in_words, rows)) or "Removed"


def _in_words(action):
    due = f", due {action.due_on:%-d %B %Y}" if action.due_on else ""
    return f"{action.title}: {action.owner_person or action.owner_organisation}{due}"


def refuse_overtaken(participations, seen):
    """ConflictError where somebody else changed the same of one of ``participations`` since it was ``seen``."""
    stored = Participation.objects.select_related("person").in_bulk([row.pk for row in participations]) if seen else {}
    differences, theirs = [], {}
    for row in participations:
        there = stored.get(row.pk)
        for name, was in seen.get(row.pk, {}).items() if there else ():
            if len({was, getattr(there, name), getattr(row, name)}) == 3:
                words = (getattr(each, f"get_{name}_display")() for each in (there, row))
                differences.append(Difference(name, f"{there.person}: {name}", *words))
                theirs.setdefault(row.pk, {})[name] = getattr(there, name)
    if differences:
        raise ConflictError(differences, marks=theirs)

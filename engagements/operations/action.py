"""Operations on actions: add, change, finish, report progress, reopen, delete."""

import pghistory
from django.utils import timezone

from engagements.changes import EngagementChange
from engagements.models import Action, Engagement
from engagements.operations.deletion import check_deletable
from engagements.operations.engagement import mark_changed, me
from engagements.operations.related_rows import ACTION_FIELDS, owners_of
from engagements.signals import actions_changed, actions_given
from records.edit_conflicts import merge
from records.locks import lock, lock_with_whole
from records.one_time_key import save_once
from records.verbs import verb

FORM_FIELDS = [*ACTION_FIELDS, "progress", "progress_on"]
"""The fields that the form of an action changes, without its workstream and engagement."""


@verb(past="added")
def add_action(action, *, notify=True, by):
    """Save a new action; sent twice with one ``form_key``, it is saved once. Returns the action.

    The person who owns it is notified unless ``notify`` is false.
    """
    saved, is_new = save_once(action)
    if is_new:
        _given(saved, {}, by=by, notify=notify)
    return saved


@verb(past="changed")
def change_action(action, *, notify=True, seen=None, by):
    """Save an action whose fields were changed in memory. Returns the action.

    Its engagement counts as changed too, since its form holds the action. A new owner is notified unless ``notify`` is
    false. ``seen``: see ``merge``, and its ConflictError.
    """
    current = _lock(action)
    if "progress" in merge(action, seen, current=current):
        action.progress_on = current.progress_on
    before = owners_of([action])
    left = Engagement.objects.filter(actions=action.pk, chatham_house=True).exclude(pk=action.engagement_id)
    action.from_chatham_house = action.from_chatham_house or left.exists()
    action.save(update_fields=[*FORM_FIELDS, "workstream", "engagement", "from_chatham_house"])
    if action.engagement:
        mark_changed(action.engagement, by)
    _given(action, before, by=by, notify=notify)
    return action


@verb(past="finished")
def finish_action(action, *, by):
    """Mark an action as done today. Returns the action.

    Finished a second time, or by two people at once, it keeps its first day.
    """
    person = me(by, action.agreement)
    Action.objects.filter(pk=action.pk, done_on=None).update(done_on=timezone.localdate(), done_by=person)
    actions_changed.send(sender=Action, keys=[action.pk])
    action.refresh_from_db(fields=["done_on", "done_by"])
    return action


@verb(past="updated")
def update_progress(action, text, *, is_done=False, person, by):
    """Save the progress that the owner ``person`` reports; with ``is_done``, mark it as done too. Returns the action.

    History names the user ``by`` or, without one, the person.
    """
    with pghistory.context(person=person.pk):
        Action.objects.filter(pk=action.pk).exclude(progress=text).update(
            progress=text, progress_on=timezone.localdate() if text else None
        )
        if is_done:
            Action.objects.filter(pk=action.pk, done_on=None).update(done_on=timezone.localdate(), done_by=person)
    actions_changed.send(sender=Action, keys=[action.pk])
    action.refresh_from_db(fields=["progress", "progress_on", "done_on", "done_by"])
    return action


@verb(past="reopened")
def reopen_action(action, *, by):
    """Mark an action as not done. Returns the action."""
    action.done_on = action.done_by = None
    action.save(update_fields=["done_on", "done_by"])
    return action


@verb(past="deleted")
def delete_action(action, *, by):
    """Delete an action made by mistake; its history stays. InUseError once another party has worked on it."""
    _lock(action)
    check_deletable(action, by)
    action.delete()
    if action.engagement:
        mark_changed(action.engagement, by)


def _lock(action):
    """Lock an action's engagement, then the action, in the order of its form. Returns the action as it is stored."""
    if action.engagement_id:
        lock_with_whole(Engagement, action.engagement_id)
    return lock(Action, action.pk)


def _given(action, before, *, by, notify):
    """Send ``actions_given`` where a person owns it who did not own it ``before`` ({key: person})."""
    if action.owner_person_id not in (None, before.get(action.pk)):
        actions_given.send(
            sender=Action, actions=[action], change=EngagementChange(by=me(by, action.agreement), notify=notify)
        )

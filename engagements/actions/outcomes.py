"""Verbs of actions: add, change, finish, reopen, delete."""

from django.utils import timezone

from engagements.actions.engagement import me, touch
from engagements.models import Action
from partnership.history import verb
from partnership.once import save_once


@verb
def add_action(action, *, by):
    """Save a new action; sent twice with one ``form_key``, it is saved once. Returns the action."""
    return save_once(action)[0]


@verb
def change_action(action, *, by):
    """Save an action whose fields were changed in memory. Returns the action.

    The form of its engagement holds it too, so whoever has that open is told.
    """
    action.save(update_fields=["title", "owner_person", "owner_organisation", "due_on", "workstream", "engagement"])
    if action.engagement:
        touch(action.engagement, by)
    return action


@verb
def finish_action(action, *, by):
    """It is done today. Done a second time, or by two people at once, it keeps its first day. Returns the action."""
    person = me(by, action.agreement)
    Action.objects.filter(pk=action.pk, done_on=None).update(done_on=timezone.localdate(), done_by=person)
    action.refresh_from_db(fields=["done_on", "done_by"])
    return action


@verb
def reopen_action(action, *, by):
    """It is not done after all. Returns the action."""
    action.done_on = action.done_by = None
    action.save(update_fields=["done_on", "done_by"])
    return action


@verb
def delete_action(action, *, by):
    """Delete an action made by mistake; history remembers it."""
    action.delete()
    if action.engagement:
        touch(action.engagement, by)

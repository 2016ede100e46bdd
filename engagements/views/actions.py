"""Pages of actions: the list, the form, the deletion, and the buttons that finish and reopen an action."""

from copy import copy
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from engagements.forms.actions import ActionForm
from engagements.lists.actions import ActionList
from engagements.models import Action, Engagement
from engagements.operations.action import add_action, change_action, delete_action, finish_action, reopen_action
from engagements.operations.deletion import why_kept
from engagements.presenters.email_notices import watched
from engagements.presenters.next_change import next_change
from engagements.views.emailing import fragment, looks, notice_of, should_notify, success, unknown
from pages.access import agreement_page
from pages.conditional import conditional
from pages.deletion import not_deleted
from pages.exports import exported
from pages.finding import find
from pages.requests import sent, way_back, with_query
from records.keys import whole_number
from records.roles import Role


@agreement_page
@conditional(next_change)
def action_list(request):
    """The list of actions: open, overdue, done or all; the user's own, by party, by workstream."""
    actions = _list(request)
    counts = actions.counts()
    context = {
        "list": actions,
        "counts": counts,
        "tabs": [(key, word, counts[key]) for key, word in ActionList.SHOW],
        "nav_here": "actions",
    }
    return render(request, "engagements/actions.html", context)


@agreement_page
def export(request, ending):
    return exported(_list(request), ending)


def _list(request):
    return ActionList(request.GET, user=request.user, agreement=request.access.agreement)


@agreement_page(may=Role.EDITOR)
def new(request):
    """Add an action, to the engagement that the address names, if it names one."""
    action = Action(agreement=request.access.agreement, engagement=_engagement(request))
    return _save(request, action, add_action)


@agreement_page(may=Role.EDITOR)
def edit(request, pk):
    action = find(request, Action.objects.with_owner(request.user), pk=pk)
    return _save(request, action, change_action)


def _save(request, action, verb):
    """Show the form of an action, or save it with the operation ``verb``."""
    how = {"agreement": request.access.agreement, "user": request.user}
    form = ActionForm(sent(request), instance=copy(action), **how)
    if looks(request):
        notice = unknown(request)
        if form.is_valid():
            notice = notice_of(request, lambda: form.apply(verb, by=request.user))
        if request.htmx:
            return fragment(request, notice)
        form = ActionForm(sent(request), instance=action, **how)
        return render(request, "engagements/action_form.html", _form_page(form, action) | {"notice": notice})
    if form.is_valid():
        with watched() as watch:
            saved = form.save_with(verb, notify=should_notify(request), by=request.user)
        if saved:
            success(request, "The action is saved.", watch)
            return redirect(_page_of(saved))
    return render(request, "engagements/action_form.html", _form_page(form, action) | {"notice": unknown(request)})


@agreement_page(may=Role.EDITOR)
def delete(request, pk):
    """Ask for confirmation and delete an action made by mistake; or say why this party may not delete it."""
    action = find(request, Action.objects.with_owner(request.user).select_related("agreement"), pk=pk)
    page = _page_of(action)
    if why := why_kept(action, request.user):
        edit = reverse("engagements:edit_action", args=[request.access.agreement.slug, pk])
        instead = [("Mark it as done: it stays on record", page), ("Change the action, its owner or its date", edit)]
        return not_deleted(request, "action", action.title, why, back=page, instead=instead, nav_here="actions")
    if request.method == "POST":
        delete_action(action, by=request.user)
        messages.success(request, f"The action “{action.title}” is deleted.")
        return redirect(page)
    return render(request, "engagements/delete_action.html", {"action": action, "nav_here": "actions"})


@require_POST
@agreement_page
def done(request, pk):
    """Mark an action as done, as an editor, a lead or the person who owns it."""
    return _press(request, pk, finish_action, "“{}” is done.")


@require_POST
@agreement_page
def undo(request, pk):
    """Reopen an action."""
    return _press(request, pk, reopen_action, "“{}” is open again.")


def _press(request, pk, verb, words):
    action = find(request, Action.objects.select_related("agreement").with_may_finish(request.user), pk=pk)
    if not action.may_finish:
        raise PermissionDenied
    verb(action, by=request.user)
    messages.success(request, words.format(action.title))
    return redirect(_back_at(request, action))


def _back_at(request, action):
    """Return the address of the page with the button.

    In the list of actions the row stays visible, whatever the filters, so that "Undo" can be pressed.
    """
    actions = reverse("engagements:actions", args=[request.access.agreement.slug])
    url = way_back(request, actions)
    is_list = urlsplit(url).path == actions
    return with_query(url, fragment=f"action-{action.pk}", just=action.pk) if is_list else url


def _page_of(action):
    """Return the address where a saved action is shown: its engagement, else the list."""
    return f"{action.engagement.get_absolute_url()}#actions" if action.engagement else action.get_absolute_url()


def _engagement(request):
    """Return the engagement that the address names, or None; 404 for one that the user may not see."""
    key = request.GET.get("engagement")
    return find(request, Engagement.objects.select_related("agreement"), pk=whole_number(key) or 0) if key else None


def _form_page(form, action):
    return {"form": form, "action": action, "engagement": action.engagement, "nav_here": "actions"}

"""Pages to update an action: for its owner, by the signed link in an email, and for signed-in users who may do so."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.forms.action_update import ActionUpdateForm
from engagements.models import Action
from engagements.operations.action import update_progress
from engagements.operations.engagement import me
from engagements.rules.action_links import linked_action
from engagements.views.replies import as_permission
from pages.access import agreement_page
from pages.finding import find
from pages.requests import sent, with_query


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def action_update(request, signed_action):
    """Show the action and its progress to its owner, by a signed link. Nothing changes before a button is pressed."""
    link = linked_action(signed_action)
    return as_permission(_found(request, link) if link else _closed(request, 404))


def _found(request, link):
    rows = Action.objects.select_related("agreement", "engagement", "owner_person__user")
    action = rows.filter(pk=link.action, owner_person=link.person).first()
    if action is None or action.owner_person.has_left(timezone.localdate()):
        return _closed(request, 410)
    form = ActionUpdateForm(sent(request), initial={"progress": action.progress})
    if not action.is_done and form.is_valid():
        return _save(request, action, form)
    context = {
        "action": action,
        "form": form,
        "agreement": action.agreement,
        "is_saved": "saved" in request.GET and request.method != "POST",
    }
    return render(request, "engagements/action_update.html", context)


@agreement_page
def progress(request, pk):
    """The same for a signed-in editor, lead or owner of the action; 403 for others."""
    rows = Action.objects.with_owner(request.user).select_related("agreement").with_may_finish(request.user)
    action = find(request, rows, pk=pk)
    if not action.may_finish:
        raise PermissionDenied
    actions = reverse("engagements:actions", args=[action.agreement.slug])
    form = ActionUpdateForm(sent(request), initial={"progress": action.progress})
    if not action.is_done and form.is_valid():
        by = me(request.user, action.agreement)
        update_progress(action, form.cleaned_data["progress"], is_done=form.is_done, person=by, by=request.user)
        messages.success(request, f"Marked as done: {action.title}" if form.is_done else "Progress saved.")
        return redirect(with_query(actions, fragment=f"action-{action.pk}", just=action.pk))
    context = {"action": action, "form": form, "actions": actions, "nav_here": "actions"}
    return render(request, "engagements/action_progress.html", context)


def _save(request, action, form):
    person = action.owner_person
    by = request.user if request.user.pk and request.user.pk == person.user_id else None
    update_progress(action, form.cleaned_data["progress"], is_done=form.is_done, person=person, by=by)
    return redirect(f"{request.path}?saved")


def _closed(request, status):
    return render(request, "engagements/action_closed.html", {"is_whole": status != 404}, status=status)

"""Logging an engagement, in short or in full, and changing it."""

from django.contrib import messages
from django.shortcuts import redirect, render

from engagements.actions.engagement import EngagementChangedError, NotPossibleError
from engagements.forms.beginnings import copy_of, prefilled
from engagements.forms.full import FullForm
from engagements.forms.log import QuickLogForm
from engagements.views.finding import find_engagement, tells
from partnership.access import agreement_page
from partnership.models import Role

SENT_BEFORE = "This form was sent before, so nothing was saved a second time. To change the record, edit it."

NEXT = {"more": "engagements:edit", "repeat": "engagements:repeat"}
"""{button that a form is saved with: where one goes from there}."""


@agreement_page(may=Role.EDITOR)
def quick_log(request):
    """Log an engagement by its essentials; on to the full form if that button was pressed."""
    return _log(request, QuickLogForm, "engagements/quick_log.html", prefilled(request.GET, **_mine(request)))


@agreement_page(may=Role.EDITOR)
def full_log(request):
    """Log an engagement with all that can be said of it."""
    return _log(request, FullForm, "engagements/full_form.html", prefilled(request.GET, **_mine(request)))


@agreement_page(may=Role.EDITOR)
def duplicate(request, pk):
    """Log another engagement like this one, on a day of its own."""
    original = find_engagement(request, pk)
    context = {"original": original}
    return _log(request, FullForm, "engagements/full_form.html", copy_of(original, request.user), context)


@agreement_page(may=Role.EDITOR)
def edit(request, pk):
    """Change an engagement. Whoever is overtaken by somebody else sees both versions, and loses none."""
    engagement = find_engagement(request, pk)
    form = FullForm(request.POST if request.method == "POST" else None, instance=engagement, **_mine(request))
    if request.method == "POST" and form.is_valid():
        try:
            form.save_changes(tell=tells(request))
        except (EngagementChangedError, NotPossibleError):
            # The form says what stands in the way.
            pass
        else:
            _tell(request, form, "Saved.")
            return redirect(engagement)
    return _page(request, "engagements/full_form.html", form, {"engagement": engagement})


def _log(request, form_class, template, beginning, context=None):
    """The page of a form that logs an engagement. Sent twice, it is saved once, and leads to the same record.

    Sent again with something else in it, as after Back, it asks whether that is a second engagement.
    """
    data = request.POST if request.method == "POST" else None
    form = form_class(data, initial=beginning, **_mine(request))
    if data is None or not form.is_valid():
        return _page(request, template, form, context or {})
    engagement = form.log(tell=tells(request))
    if engagement is not form.instance and form.says_other_than(engagement):
        form.as_new()
        return _page(request, template, form, (context or {}) | {"saved_before": engagement})
    if engagement is form.instance:
        _tell(request, form, f"Saved. “{engagement.title}” is {_where(engagement)}.")
    else:
        messages.info(request, SENT_BEFORE)
    page = next((page for button, page in NEXT.items() if button in data), "engagements:record")
    return redirect(page, request.access.agreement.slug, engagement.pk)


def _mine(request):
    return {"agreement": request.access.agreement, "user": request.user}


def _page(request, template, form, context):
    return render(request, template, {"nav_here": "log", "form": form, **context})


def _tell(request, form, words):
    """Say that it is saved, and what else was noticed."""
    messages.success(request, words)
    for note in form.notes:
        messages.info(request, note)


def _where(engagement):
    """Where a new engagement is on its way: "in the log as held"."""
    return f"in the log as {engagement.get_status_display().lower()}"

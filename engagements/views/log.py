"""Pages to log an engagement, with a short or a full form, and to change it."""

from django.contrib import messages
from django.shortcuts import redirect, render

from engagements.forms.full import FullForm
from engagements.forms.initial import copy_of, prefilled
from engagements.forms.log import QuickLogForm
from engagements.operations.engagement import NotPossibleError
from engagements.presenters.email_notices import watched
from engagements.views.emailing import fragment, looks, notice_of, should_notify, success, unknown
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.requests import sent
from records.deletion import InUseError
from records.edit_conflicts import ConflictError
from records.roles import Role

SENT_BEFORE = "You have already saved this. To change it, select Edit."

NEXT = {"more": "engagements:edit"}
"""{button that saves a form: URL name of the page that follows}."""


@agreement_page(may=Role.EDITOR)
def quick_log(request):
    """Log an engagement with the short form. One of its buttons leads on to the full form."""
    return _log(request, QuickLogForm, "engagements/quick_log.html", prefilled(request.GET, **_mine(request)))


@agreement_page(may=Role.EDITOR)
def full_log(request):
    return _log(request, FullForm, "engagements/full_form.html", prefilled(request.GET, **_mine(request)))


@agreement_page(may=Role.EDITOR)
def duplicate(request, pk):
    """Log another engagement like this one. The form is filled in from it, except for the date."""
    original = find_engagement(request, pk)
    context = {"original": original}
    return _log(request, FullForm, "engagements/full_form.html", copy_of(original, request.user), context)


@agreement_page(may=Role.EDITOR)
def edit(request, pk):
    """Change an engagement. Where somebody else saved in the meantime, the form shows both versions; none is lost."""

    def opened():
        return FullForm(sent(request), instance=find_engagement(request, pk), **_mine(request))

    if looks(request):
        return _look(request, opened, FullForm.save_changes, "engagements/full_form.html", is_there=True)
    form = opened()
    engagement = form.instance
    if request.method == "POST" and form.is_valid():
        try:
            with watched() as watch:
                form.save_changes(notify=should_notify(request, is_past=form.lies_past))
        except (ConflictError, NotPossibleError, InUseError):
            # The form shows the error.
            pass
        else:
            _add_messages(request, form, "Saved.", watch)
            return redirect(engagement)
    return _page(request, "engagements/full_form.html", form, {"engagement": engagement})


def _log(request, form_class, template, beginning, context=None):
    """Show or save a form that logs an engagement. Sent twice, it is saved once, and leads to the same record.

    Where it is sent again with other content, for example after Back, the page asks whether that is a second
    engagement.
    """
    data = sent(request)

    def opened():
        return form_class(data, initial=beginning, **_mine(request))

    if looks(request):
        return _look(request, opened, form_class.log, template, context or {})
    form = opened()
    if data is None or not form.is_valid():
        return _page(request, template, form, context or {})
    with watched() as watch:
        engagement = form.log(notify=should_notify(request, is_past=form.lies_past))
    if engagement is not form.instance and form.differs_from(engagement):
        form.as_new()
        return _page(request, template, form, (context or {}) | {"saved_before": engagement})
    if engagement is form.instance:
        _add_messages(request, form, f"Saved: {engagement.title} ({_what_of(engagement)}).", watch)
    else:
        messages.info(request, SENT_BEFORE)
    if engagement.series_id:
        return redirect(engagement.series)
    page = next((page for button, page in NEXT.items() if button in data), "engagements:record")
    return redirect(page, request.access.agreement.slug, engagement.pk)


def _look(request, opened, save, template, context=None, *, is_there=False):
    """Show who would be emailed: the notice alone for htmx, else the page with it. Nothing is saved.

    ``opened()`` returns the form as it was sent. ``save(form)`` saves it, and is rolled back.
    """
    form = opened()
    notice = unknown(request)
    if form.is_valid():
        notice = notice_of(request, lambda: save(form), is_past=form.lies_past)
    if request.htmx:
        return fragment(request, notice, form=form)
    # The save that was rolled back has changed the form, so it is opened again.
    form = opened()
    form.is_valid()
    context = (context or {}) | {"notice": notice} | ({"engagement": form.instance} if is_there else {})
    return _page(request, template, form, context)


def _mine(request):
    return {"agreement": request.access.agreement, "user": request.user}


def _page(request, template, form, context):
    notice = unknown(request, is_past=bool(form.instance.pk) and form.lies_past)
    return render(request, template, {"nav_here": "log", "form": form, "notice": notice, **context})


def _what_of(engagement):
    """ "held"; for the first of a series how often it meets, for example "every second Thursday of the month"."""
    series = engagement.series
    return f"{series.in_words[:1].lower()}{series.in_words[1:]}" if series else engagement.get_status_display().lower()


def _add_messages(request, form, words, watch):
    """Add the messages after saving: ``words``, how many people are emailed, and the notes of the form."""
    success(request, words, watch, always=True)
    for note in form.notes:
        messages.info(request, note)

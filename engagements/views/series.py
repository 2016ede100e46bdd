"""Pages of series: repeat an engagement, look at a series, change its rule, stop it."""

from copy import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from engagements.forms.initial import rule_from, series_like
from engagements.forms.series import RecurrenceForm, StopForm
from engagements.models import Engagement, Series, SeriesHost, SeriesPerson, SeriesWorkstream
from engagements.operations.engagement import NotPossibleError
from engagements.operations.series import change_series, next_date, put_back_date, start_series, stop_series
from engagements.presenters.email_notices import watched
from engagements.presenters.series import SeriesPage
from engagements.views.emailing import fragment, looks, notice_of, should_notify, success, unknown
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.finding import find
from pages.holidays import bank_holiday_note
from pages.requests import sent
from pages.words import date_in_words
from records.edit_conflicts import ConflictError
from records.history import HistorySource, changes_of
from records.limits import FIRST_DAY, LAST_DAY
from records.roles import Role

ENTRIES = 25


@agreement_page
def series(request, pk):
    """The page of a series: how often it meets, its past and future dates, and what is special about each."""
    found = _find(request, pk)
    context = {"series": found, "page": SeriesPage(request.user, found), "nav_here": "engagements"}
    return render(request, "engagements/series.html", context)


@agreement_page(may=Role.EDITOR)
def repeat(request, pk):
    """Ask how often an engagement repeats, show the dates, and start a series with it."""
    engagement = find_engagement(request, pk)
    if engagement.series_id:
        messages.info(request, "This engagement is one of a series already.")
        return redirect("engagements:series", request.access.agreement.slug, engagement.series_id)
    if engagement.is_off:
        messages.error(request, "This engagement is cancelled, so nothing can follow it.")
        return redirect(engagement)
    form = RecurrenceForm(sent(request), series=series_like(engagement), first_day=engagement.starts_on)

    def save(notify=True):
        how = {"record_past": form.records_past, "notify": notify, "by": request.user}
        return start_series(form.changed, engagement, **how)

    if _is_to_be_saved(request, form):
        try:
            with watched() as watch:
                started = save(should_notify(request))
        except NotPossibleError as error:
            messages.error(request, str(error))
            return redirect(engagement)
        success(request, f"The series is started. {started.in_words}.", watch)
        return redirect(started)
    notice = _notice(request, form, save)
    return render(request, "engagements/repeat.html", _context(form, engagement=engagement, notice=notice))


@agreement_page(may=Role.EDITOR)
def edit_series(request, pk):
    """Change how often a series meets, from one of its dates on."""
    found = _find(request, pk)
    since = _since(found, request.POST.get("since") or request.GET.get("since", ""))
    form = RecurrenceForm(sent(request), series=rule_from(found, since), stored=found)

    def save(notify=True):
        changed = copy(form.changed)
        changed.stopped_on, changed.stop_reason = None, ""
        return form.apply(change_series, changed, since=since, notify=notify, by=request.user)

    if _is_to_be_saved(request, form):
        try:
            with watched() as watch:
                changed = save(should_notify(request))
        except ConflictError as conflict:
            form.show(conflict)
        except NotPossibleError as error:
            form.add_error("first_day", str(error))
        else:
            success(request, f"The series is changed. {changed.in_words}.", watch)
            return redirect(found)
    notice = _notice(request, form, save)
    return render(request, "engagements/edit_series.html", _context(form, series=found, since=since, notice=notice))


@agreement_page(may=Role.EDITOR)
def stop(request, pk):
    """Ask whether the planned dates stay, and stop a series."""
    found = _find(request, pk)
    form = StopForm(sent(request))

    def save(notify=True):
        chosen = form.cleaned_data if form.is_bound else {"planned": "keep", "reason": ""}
        how = {"cancel_coming": chosen["planned"] == "cancel", "reason": chosen["reason"]}
        return stop_series(found, **how, notify=notify, by=request.user)

    if form.is_valid() and not looks(request):
        try:
            with watched() as watch:
                save(should_notify(request))
        except NotPossibleError as error:
            messages.error(request, str(error))
        else:
            success(request, "The series is stopped.", watch)
        return redirect(found)
    may_save = form.is_valid() or not form.is_bound
    notice = notice_of(request, save, verb="Ending it") if may_save else unknown(request)
    if looks(request) and request.htmx:
        return fragment(request, notice)
    context = {"series": found, "form": form, "notice": notice, "nav_here": "engagements"}
    return render(request, "engagements/stop_series.html", context)


@agreement_page(may=Role.EDITOR)
def put_back(request, pk):
    """Show who is emailed, and plan a date again that was left out."""
    found, day = _find(request, pk), _day((sent(request) or request.GET).get("day", ""))
    if day not in found.skipped:
        messages.error(request, "This date is not left out any more.")
        return redirect(found)
    if request.method == "POST":
        with watched() as watch:
            put_back_date(found, day, notify=should_notify(request), by=request.user)
        success(request, f"{date_in_words(day)} is planned again.", watch)
        return redirect(found)
    notice = notice_of(request, lambda: put_back_date(found, day, by=request.user), verb="Saving")
    context = {"series": found, "day": day, "notice": notice, "nav_here": "engagements"}
    return render(request, "engagements/put_back_date.html", context)


@agreement_page(may=Role.EDITOR)
def history(request, pk):
    """The changes of a series, the newest first: by whom, when, and through which operation."""
    found = _find(request, pk)
    parts = [(SeriesHost, "host", "organisation"), (SeriesWorkstream, "workstream", "workstream")]
    parts += [(SeriesPerson, "person", "person")]
    entries = changes_of(
        HistorySource(Series.pgh_event_model.objects.filter(pgh_obj_id=found.pk), "series"),
        *(HistorySource(model.pgh_event_model.objects.filter(series=found.pk), noun, by) for model, noun, by in parts),
    )
    page = Paginator(entries, ENTRIES).get_page(request.GET.get("page"))
    return render(
        request, "engagements/series_history.html", {"series": found, "page_obj": page, "nav_here": "engagements"}
    )


@agreement_page(may=Role.EDITOR)
def day_note(request):
    """A fragment for the log forms that says if the chosen day is a bank holiday."""
    day = _day(request.GET.get("starts_on", ""))
    return render(
        request,
        "engagements/_day_note.html",
        {"day_note": bank_holiday_note(day) if day and FIRST_DAY <= day <= LAST_DAY else ""},
    )


def _find(request, pk):
    return find(request, Series.objects.select_related("agreement", "committee"), pk=pk)


def _since(series, text):
    """Return the future date of the series, by its rule, that ``text`` names; else the next one."""
    day = _day(text)
    coming = Engagement.objects.filter(series=series, series_date=day, starts_on__gte=timezone.localdate())
    return day if day and day >= timezone.localdate() and coming.exists() else next_date(series)


def _is_to_be_saved(request, form):
    """Whether a form is sent to be saved, and valid. With "preview" it is sent only to show its dates."""
    return form.is_valid() and "preview" not in request.POST


def _notice(request, form, save):
    """Return the ``Notice`` for the form of a rule, which updates it along with the dates."""
    how = {"by_form": True}
    return notice_of(request, save, **how) if form.is_bound and form.is_valid() else unknown(request, **how)


def _context(form, **more):
    return {"form": form, "nav_here": "engagements"} | more


def _day(text):
    """The day in a text such as 2026-05-12, or None."""
    try:
        return parse_date(text)
    except ValueError:
        return None

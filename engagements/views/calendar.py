"""The calendar: a month of engagements as a table of weeks, or day by day."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from engagements.lists.engagements import EngagementList
from engagements.models import Committee, Engagement
from engagements.presenters.calendar_days import Day, days_with_engagements
from engagements.presenters.next_change import next_change
from engagements.queries import PAPERS_AHEAD
from engagements.rules.month import WEEKDAYS, month_asked_for
from pages.access import agreement_page
from pages.conditional import conditional
from pages.filter_bar import active_filters, controls_of
from pages.holidays import bank_holidays
from pages.listing import query_without, without_blanks
from partnership.models import Agreement, AgreementDate
from records.compiled_queries import compiled

VIEWS = {"month": "Month", "agenda": "Agenda"}
MOST_OF_A_DAY = {"month": 4, "agenda": 20}
"""{view: how many engagements of a day it shows}. A link leads to the others."""
MOST_PAPERS = 100
NOT_FOR_MONTHS = ["from", "to", "sort", "page"]
"""Parameters of the list that do not apply to a whole month."""


@agreement_page
@conditional(next_change)
def calendar(request):
    """The filtered engagements of a month, with its bank holidays, dates of the agreement and papers due."""
    given, today = without_blanks(request.GET), timezone.localdate()
    month, no_month = month_asked_for(given.get("month", ""), today)
    view, no_view = _view_asked_for(given.get("view", ""))
    no_days = "The calendar shows whole months, so From and To are left out." if {"from", "to"} & given.keys() else ""
    for name in NOT_FOR_MONTHS:
        given.pop(name, None)
    filters = EngagementList(
        given, user=request.user, agreement=request.access.agreement, days=(month.first, month.last)
    )
    found, number = days_with_engagements(
        filters.unordered_rows, filters.workstreams, month.first, month.last, MOST_OF_A_DAY[view]
    )
    dates, papers, named = _dates_papers_and_names(filters, month)
    days = _days_of(month, found, dates, papers)
    context = {
        "nav_here": "calendar",
        "month": month,
        "view": view,
        "today": today,
        "weekdays": WEEKDAYS,
        "weeks": [[day and days[day] for day in week] for week in month.weeks],
        "agenda": [day for day in days.values() if not day.is_empty],
        "number": number,
        "streams": _streams_shown(filters, days.values()),
        "filters": filters,
        "controls": controls_of(filters, None, without=["Dates"]),
        "active_filters": active_filters(filters, named),
        "problems": [sentence for sentence in (no_month, no_view, no_days, *filters.filter_problems) if sentence],
        **_links(request, given, month, view),
    }
    return render(request, "engagements/calendar.html", context)


def _view_asked_for(text):
    """Return (view, problem). ``problem`` is a sentence where there is no such view, else ""."""
    if text in VIEWS or not text:
        return text or "month", ""
    shown = text[:40].replace("\0", "�")
    return "month", f"“{shown}” is not a view of the calendar, so this is the month. There is also the agenda."


def _dates_papers_and_names(filters, month):
    """Return (dates of the agreement, meetings whose papers may be due, names filtered by), in one query.

    A filtered month has no papers, because nobody could tell which of them belong to it.
    """
    if filters.is_narrowed:
        row = _with_dates(filters.agreement).values("found_dates", **filters.names()).get()
    else:
        row = _dates_and_papers(filters.user, filters.agreement, month.first, month.last + PAPERS_AHEAD)[0]
    read = [AgreementDate(**date | {"on": dt.date.fromisoformat(date["on"])}) for date in row.pop("found_dates")]
    return read, [_meeting(**facts) for facts in row.pop("found_papers", None) or []], row


@compiled
def _dates_and_papers(user, agreement, first, ahead):
    meetings = Engagement.objects.visible_to(user).filter(agreement=OuterRef("pk")).papers_asked(first, ahead)
    meeting = JSONObject(pk="pk", title="title", starts_on="starts_on", papers_days="committee__papers_days")
    papers = ArraySubquery(meetings.order_by("starts_on", "pk").values(meeting=meeting)[:MOST_PAPERS])
    return _with_dates(agreement).values("found_dates", found_papers=papers)


def _with_dates(agreement):
    """Return a queryset of the agreement alone, with its dates as dicts in ``found_dates``."""
    dates = AgreementDate.objects.of(OuterRef("pk")).order_by("on")
    date = JSONObject(kind="kind", on="on", certainty="certainty")
    return Agreement.objects.filter(pk=agreement.pk).annotate(found_dates=ArraySubquery(dates.values(date=date)))


def _meeting(pk, title, starts_on, papers_days):
    day = dt.date.fromisoformat(starts_on)
    return Engagement(pk=pk, title=title, starts_on=day, committee=Committee(pk=0, papers_days=papers_days))


def _days_of(month, found, dates, papers):
    """Return {day: ``Day``} of the whole month, with bank holidays, the agreement's dates and the papers due."""
    holidays = bank_holidays(month.first, month.last)
    days = {day: found.get(day) or Day(day) for week in month.weeks for day in week if day}
    for on, day in days.items():
        day.holiday = holidays.get(on, "")
        day.terms = [date for date in dates if date.on == on]
    for meeting in papers:
        if due := days.get(meeting.papers_due_on):
            due.papers.append(meeting)
    return days


def _streams_shown(filters, days):
    """The workstreams whose colours are on the page, in their order."""
    keys = {stream.pk for day in days for engagement in day.engagements for stream in engagement.streams}
    return [stream for stream in filters.workstreams if stream.pk in keys]


def _links(request, given, month, view):
    """Return the addresses of other months, of the views and of the list of a day, all with the same filters."""
    filters = query_without(given, "month", "view")
    here = {"month": month.key, "view": view}
    rows = [(name, value) for name, values in given.lists() for value in values if name not in here]

    def link(**to):
        return "?" + "&".join(filter(None, [urlencode({key: value for key, value in to.items() if value}), filters]))

    shown = "" if view == "month" else view
    return {
        "previous": month.previous and link(month=month.previous.key, view=shown),
        "next": month.next and link(month=month.next.key, view=shown),
        "this_month": link(view=shown),
        "views": [(key, word, link(month=month.key, view=key)) for key, word in VIEWS.items()],
        "list_of_day": f"{reverse('engagements:list', args=[request.access.agreement.slug])}?{filters}",
        "clear": "?" + urlencode(here),
        "kept": list(here.items()),
        "filtered_by": [("view", view), *rows],
    }

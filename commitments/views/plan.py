"""The pages of the plan: the years compared with what was held, and the form in which leads set the numbers."""

import csv
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms import PlanForm
from commitments.models import PlanNumber
from commitments.operations import save_plan
from commitments.presenters.year_plans import Plans
from pages.access import agreement_page
from pages.exports import BYTE_ORDER_MARK
from records.history import HistorySource, changes_of

COLUMNS = ["Agreement year", "From", "To", "Kind", "In the plan", "Set by", "Held"]


@require_safe
@agreement_page
def plan(request):
    """One year's plan compared with what was held, and a summary of all years.

    ``?year=`` chooses the year; without it, the current year is shown.
    """
    plans = _plans(request)
    number, problem = _year_asked(request, plans)
    shown = plans.numbered(number) if number else None
    return _page(request, "plan", {"plans": plans, "shown": shown, "problem": problem})


@agreement_page(may="lead")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request):
    """Set the plan of a year.

    Where somebody else set it in the meantime, show the differences and save nothing.
    """
    plans = _plans(request)
    number, problem = _year_asked(request, plans)
    if problem or not number:
        return redirect(_address(request, request.GET.get("year")))
    shown = plans.numbered(number)
    form = _form(request, plans, shown)
    if form.is_valid() and _save(request, form):
        return redirect(_address(request, number))
    return _page(request, "plan_form", {"plans": plans, "shown": shown, "form": form})


@agreement_page(may="editor")
def plan_history(request):
    plans = _plans(request)
    number, problem = _year_asked(request, plans)
    if problem or not number:
        return redirect(_address(request, request.GET.get("year")))
    events = PlanNumber.pgh_event_model.objects.filter(agreement=request.access.agreement, year=number)
    entries = changes_of(HistorySource(events, "plan", named_by="kind", valued_by="number"))
    return _page(request, "plan_history", {"shown": plans.numbered(number), "entries": entries})


@agreement_page
def plan_export_csv(request):
    """A CSV file of the plans of all years, by kind, with what was held. The first year comes first."""
    plans = _plans(request)
    name = f"{request.access.agreement.slug}-plan-{plans.today:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(BYTE_ORDER_MARK, "text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for shown in reversed(plans.years):
        set_by = "" if shown.plan is None else "leads" if shown.plan.is_set else "rhythms"
        days = shown.year.starts_on, shown.year.ends_on
        for line in shown.lines:
            writer.writerow([shown.year.number, *days, line.name, line.number, set_by, line.held])
    return response


def _plans(request):
    return Plans(request.user, request.access.agreement, timezone.localdate())


def _year_asked(request, plans):
    """Return (number of the year, problem).

    The year is the one that the address asks for, and the problem "". If there is no such year, it is the current year,
    and the problem says so. The number is 0 without an effective date, when there are no years.
    """
    this = plans.this.number if plans.this else 0
    asked = request.GET.get("year", "").strip()
    if not asked or not this:
        return this, ""
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 5
    if is_number and 1 <= int(asked) <= plans.last:
        return int(asked), ""
    return this, f"There is a plan for agreement years 1 to {plans.last} only, so this year's is shown."


def _form(request, plans, shown):
    suggested = plans.sum_of_rhythms.by_kind if plans.sum_of_rhythms else {}
    stored = shown.plan.by_kind if shown.plan and shown.plan.is_set else {}
    data = request.POST if request.method == "POST" else None
    return PlanForm(data, year=shown.year, stored=stored, suggested=suggested)


def _save(request, form):
    """Save the plan. Returns whether that was possible; if not, the form says why."""
    year, numbers = form.year, form.numbers
    if not form.save_with(save_plan, request.access.agreement, year, numbers, by=request.user):
        return False
    if numbers:
        messages.success(request, f"The plan of agreement year {year.number} is saved.")
    else:
        messages.success(
            request, f"No number is set for agreement year {year.number}: the rhythms say what its plan is."
        )
    return True


def _address(request, year):
    address = reverse("commitments:plan", args=[request.access.agreement.slug])
    return f"{address}?{urlencode({'year': year})}" if year else address


def _page(request, name, context):
    return render(request, f"commitments/{name}.html", {"nav_here": "commitments"} | context)

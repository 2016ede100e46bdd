"""Emails that wait because the change was saved just now: a page with all of them, Send now and Undo."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pages.access import agreement_page
from pages.requests import way_back
from records.roles import Role
from reminders.deliveries.pending import ABOUT, as_emails, pending_in, target_of
from reminders.models import Delivery
from reminders.operations.pending import send_pending, undo_pending


@agreement_page(may=Role.EDITOR)
def pending(request):
    """All emails that wait, grouped by what they are about."""
    found = {}
    for delivery in pending_in(_rows(request)):
        found.setdefault(target_of(delivery), []).append(delivery)
    groups = [
        {"about": about, "title": title, "pk": pk or deliveries[0].pk, "pending": as_emails(deliveries)}
        for (about, title, pk), deliveries in found.items()
    ]
    return render(request, "reminders/pending.html", {"groups": groups, "nav_here": "reminders"})


@require_POST
@agreement_page(may=Role.EDITOR)
def send(request, about, pk):
    return _press(request, about, pk, send_pending, "{} sent now.")


@require_POST
@agreement_page(may=Role.EDITOR)
def undo(request, about, pk):
    """Stop the emails. The saved change stays."""
    return _press(request, about, pk, undo_pending, "{} stopped. What you saved has not changed.")


def _rows(request):
    return Delivery.objects.visible_to(request.user).of(request.access.agreement)


def _press(request, about, pk, verb, words):
    if about not in ABOUT:
        raise Http404("There are no such emails.")
    rows = _rows(request).filter(ABOUT[about](pk))
    number = as_emails(pending_in(rows)).count
    if verb(rows, by=request.user):
        emails = "1 email was" if number == 1 else f"{number} emails were"
        messages.success(request, words.format(emails))
    else:
        messages.error(request, "These emails are not waiting any more: they were sent or stopped.")
    return redirect(way_back(request, redirect("reminders:pending", request.access.agreement.slug).url))

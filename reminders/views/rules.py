"""Pages on which leads edit reminder rules, preview their emails, and pause them."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pages.access import agreement_page
from pages.finding import find
from pages.requests import sent, way_back
from records.history import HistorySource, changes_of
from records.keys import whole_number
from records.roles import Role
from reminders.forms.rules import RuleForm, Steps
from reminders.models import Rule, Step
from reminders.notification_types import by_rules
from reminders.operations.rules import pause_rule, resume_rule, save_rule
from reminders.rules.forecast import in_words as forecast_in_words
from reminders.rules.forecast import past_emails
from reminders.rules.member_emails import MOST, Sending, emails_by_kind, why_too_many
from reminders.rules.preview import preview_of, samples_of, send_test

ENTRIES = 10

FORECAST = "forecast"
"""The button that counts the emails of a rule for times that have passed, and saves nothing."""

NOTHING_PAST = "No email is for a time that has already passed."


@agreement_page(may=Role.LEAD)
def rules(request):
    """All rules, the active ones first."""
    rows = Rule.objects.visible_to(request.user).of(request.access.agreement)
    rows = list(rows.prefetch_related(_steps()).order_by("-is_active", "name"))
    emails = emails_by_kind([Sending.of(each) for each in rows if each.is_active])
    context = {"rules": rows, "emails": emails, "most": MOST, "nav_here": "reminders"}
    return render(request, "reminders/rules.html", context)


@agreement_page(may=Role.LEAD)
def new(request):
    """Ask for the kind of the rule, and then for the rest. The address has the kind."""
    kind = request.GET.get("kind")
    if kind not in Rule.Kind.values:
        kinds = [(Rule.Kind(one.kind), one.rule.note) for one in by_rules()]
        return render(request, "reminders/rule_kind.html", {"kinds": kinds, "nav_here": "reminders"})
    return _edit(request, Rule(agreement=request.access.agreement, kind=kind))


@agreement_page(may=Role.LEAD)
def edit(request, pk):
    return _edit(request, _find(request, pk))


def _edit(request, rule):
    is_new, name, before = rule.pk is None, rule.name, Sending.of(rule) if rule.pk and rule.is_active else None
    past = None
    form, steps = RuleForm(sent(request), instance=rule), Steps(sent(request), instance=rule, prefix="steps")
    if request.method == "POST" and all([form.is_valid(), steps.is_valid()]):
        changed = steps.save(commit=False)
        rule = form.instance
        past = past_emails(rule, steps=changed, removed=steps.deleted_objects)
        is_to_be_saved = FORECAST not in request.POST and not _refuse_too_many(request, form, steps, before)
        if is_to_be_saved and form.save_with(save_rule, steps=changed, removed=steps.deleted_objects, by=request.user):
            words = ["Rule saved. Reminders will be scheduled in the next minute.", forecast_in_words(past)]
            messages.success(request, " ".join(filter(None, words)))
            return redirect("reminders:rule", request.access.agreement.slug, rule.pk)
    context = {"form": form, "steps": steps, "rule": rule, "is_new": is_new, "name": name}
    context |= {"placeholders": rule.options.placeholders.items(), "nav_here": "reminders"}
    if FORECAST in request.POST:
        context["forecast"] = "" if past is None else forecast_in_words(past) or NOTHING_PAST
        if request.htmx:
            return render(request, "reminders/_forecast.html", context)
    return render(request, "reminders/rule_form.html", context)


def _refuse_too_many(request, form, steps, before):
    """Refuse an active rule by which members would get too many emails. Returns the errors of the form."""
    kept = [each.instance for each in steps.forms if each not in steps.deleted_forms and each.instance.days is not None]
    wrong = why_too_many(Sending.of(form.instance, kept), _others(request, form.instance), before)
    if wrong and form.instance.is_active:
        form.add_error(None, wrong)
    return form.errors


def _others(request, rule):
    """Return the ``Sending`` of each other active rule of the agreement."""
    rows = Rule.objects.visible_to(request.user).of(request.access.agreement).filter(is_active=True)
    return [Sending.of(each) for each in rows.exclude(pk=rule.pk).prefetch_related(_steps())]


@agreement_page(may=Role.LEAD)
def rule(request, pk):
    """A rule, and a preview of its email for an existing object."""
    rule = _find(request, pk)
    offered = samples_of(rule, request.user)
    wanted = whole_number(request.GET.get("of", ""))
    shown = next((each for each in offered if each.pk == wanted), offered[0] if offered else None)
    context = {
        "rule": rule,
        "offered": offered,
        "shown": shown,
        "none": rule.options.sample.none,
        "mail": preview_of(rule, shown, request.user) if shown else None,
        "entries": _history(rule),
        "nav_here": "reminders",
    }
    return render(request, "reminders/rule.html", context)


@require_POST
@agreement_page(may=Role.LEAD)
def test(request, pk):
    """Send the preview to the user."""
    rule = _find(request, pk)
    wanted = whole_number(request.POST.get("of", "")) or 0
    row = rule.options.sample.rows(rule, request.user).filter(pk=wanted).first()
    outcome = send_test(rule, row, request.user) if row else None
    if outcome is None:
        messages.error(request, "Nothing was sent: a test needs something to show, and a rule with a lead time.")
    elif outcome.is_sent:
        messages.success(request, f"A test is on its way to {request.user.email}.")
    else:
        messages.error(request, f"The mail server did not take it: {outcome.error}")
    return redirect("reminders:rule", request.access.agreement.slug, rule.pk)


@require_POST
@agreement_page(may=Role.LEAD)
def pause(request, pk):
    rule = pause_rule(_find(request, pk), by=request.user)
    messages.success(request, f"“{rule.name}” is paused: nothing of it goes until you resume it.")
    return redirect(way_back(request, _address(request, rule)))


@require_POST
@agreement_page(may=Role.LEAD)
def resume(request, pk):
    """Resume the rule, unless members would then get too many emails."""
    rule = _find(request, pk)
    if wrong := why_too_many(Sending.of(rule), _others(request, rule)):
        messages.error(request, wrong)
    else:
        rule = resume_rule(rule, by=request.user)
        messages.success(request, "Rule resumed. No emails are sent for times that passed while it was paused.")
    return redirect(way_back(request, _address(request, rule)))


def _steps():
    return Prefetch("steps", Step.objects.order_by("days", "at"))


def _find(request, pk):
    return find(request, Rule.objects.select_related("agreement").prefetch_related(_steps()), pk=pk)


def _address(request, rule):
    return redirect("reminders:rule", request.access.agreement.slug, rule.pk).url


def _history(rule):
    return changes_of(
        HistorySource(Rule.pgh_event_model.objects.filter(pgh_obj_id=rule.pk), "rule"),
        HistorySource(Step.pgh_event_model.objects.filter(rule=rule.pk), "lead time", named_by="days"),
        limit=ENTRIES,
    )

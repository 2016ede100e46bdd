"""The pages on which people choose which emails they get: signed in, or by the signed link in an email."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from contacts.models import Person
from pages.access import agreement_page
from reminders.forms.preferences import PreferenceForm
from reminders.operations.preferences import (
    has_stopped_all,
    opt_out,
    preference_of,
    save_preference,
    start_all,
    stop_all,
)
from reminders.preferences.links import person_of, sign, topics_of
from reminders.preferences.rules import How
from reminders.preferences.topics import TOPICS
from reminders.presenters.offered_topics import topics_for

SAVED = "Your email settings are saved."
NOT_EVEN = "not even when a meeting is cancelled."
STOPPED = f"All emails are stopped. You will get none, {NOT_EVEN}"
STARTED = "You will get emails again. Choose below which you want."


@agreement_page
def mine(request):
    """The choices of the user who is signed in."""
    agreement = request.access.agreement
    person = Person.objects.visible_to(request.user).of(agreement).filter(user=request.user).first()
    if person is None:
        return render(request, "reminders/choices.html", {"nav_here": "choices"})
    form, saved = answer(request, person, by=request.user)
    if saved:
        return redirect("reminders:mine", agreement.slug)
    context = {"form": form, "address": person.email, "nav_here": "choices"}
    return render(request, "reminders/choices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_link(request, whose):
    """The same for anybody with the link from an email. Nothing else of the agreement is shown."""
    person = find(whose)
    form, saved = answer(request, person, by=None)
    if saved:
        return redirect("choices", whose)
    context = {"form": form, "agreement_name": person.agreement.name, "address": masked(person.email)}
    return render(request, "reminders/choices_by_link.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def off(request, whose, topics):
    """Turn these topics off by a POST, from the page or a mail program (RFC 8058). A GET changes nothing."""
    person, chosen = find(whose), topics_of(topics)
    if not chosen:
        raise Http404("There is no such kind of mail.")
    if request.method == "POST":
        opt_out(person, TOPICS if "stop_all" in request.POST else chosen, by=None)
    context = {
        "has_stopped_all": has_stopped_all(preference_of(person)),
        "topics": chosen,
        "agreement_name": person.agreement.name,
        "is_done": request.method == "POST",
        "choices": reverse("choices", args=[sign(person.pk)]),
    }
    return render(request, "reminders/unsubscribe.html", context)


def find(whose):
    """Return the person whose link this is. Raises Http404 for a damaged link, or a person not in the address book."""
    person = Person.objects.filter(pk=person_of(whose)).select_related("agreement").first()
    if person is None:
        raise Http404("There is no such link.")
    return person


def answer(request, person, by):
    """Handle the form. Returns (the form, whether anything was saved)."""
    preference, topics = preference_of(person), topics_for(person)
    form = PreferenceForm(request.POST or None, instance=preference, topics=topics)
    form.has_stopped_all = has_stopped_all(preference)
    for name, act, words in (("stop_all", stop_all, STOPPED), ("start_all", start_all, STARTED)):
        if name in request.POST:
            act(person, by=by)
            messages.success(request, words)
            return form, True
    if request.method == "POST" and form.is_valid() and form.save_with(save_preference, form.instance, by=by):
        messages.success(request, SAVED + all_off_sentence(preference, topics))
        return form, True
    return form, False


def all_off_sentence(preference, topics):
    """Return a sentence for a person who has turned all topics off; "" for others."""
    if all(getattr(preference, topic.name) == How.OFF for topic in topics):
        return f" You will get no emails, {NOT_EVEN}"
    return ""


def masked(address):
    """Return enough of an address for its owner to recognise it: "a…@lga.example"."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""

"""What the picker asks for: fragments of HTML, so that their words and their escaping are those of the pages."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import add_person
from contacts.forms import NewPersonForm
from contacts.models import Organisation, Person
from contacts.queries import count_times_came
from partnership.access import agreement_page

RESULTS = 10


def people_like(request, text):
    """The people for a list of the picker."""
    rows = Person.objects.visible_to(request.user).of(request.access.agreement).select_related("organisation")
    people = list(rows.suggested(text)[:RESULTS])
    count_times_came(people, request.user)
    return people


def organisations_like(request, text):
    """The organisations for a list of the picker."""
    rows = Organisation.objects.visible_to(request.user).of(request.access.agreement)
    return list(rows.suggested(text)[:RESULTS])


@agreement_page(may="editor")
@require_safe
def pick(request):
    """The options for ``q``: people; with ``owners``, organisations too; with ``organisations``, organisations only."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    wants_people, wants_both = "organisations" not in request.GET, "owners" in request.GET
    people = people_like(request, text) if text and wants_people else []
    wants_organisations = text and (wants_both or not wants_people)
    organisations = organisations_like(request, text) if wants_organisations else []
    context = {"people": people, "organisations": organisations, "text": text, "can_add": text and "add" in request.GET}
    context["adds"] = "person" if wants_people else "organisation"
    return render(request, "contacts/_options.html", context)


@agreement_page(may="editor")
@require_http_methods(["GET", "POST"])
def pick_new(request):
    """The small form of a new person (GET, with ``name``); sent, the person as a chip (201), or what is wrong."""
    agreement = request.access.agreement
    form = NewPersonForm(request.POST or None, agreement=agreement, initial={"name": request.GET.get("name", "")[:200]})
    person = form.made_before
    if not person and form.is_valid():
        person = add_person(agreement, **form.person_fields, by=request.user)
    if person:
        return render(request, "contacts/_chip.html", {"person": person, "name": "who"}, status=201)
    return render(request, "contacts/_new_person.html", {"form": form})

"""HTML fragments for the picker, so that words and escaping are the same as on the pages."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.forms import NewPersonForm
from contacts.forms.people import PLAIN_NAME, Answer, PeopleWidget, read_answer, recheck, restore
from contacts.models import Organisation, Person
from contacts.operations import add_person
from contacts.presenters.owners import key_of, label_of
from contacts.queries import count_times_came
from pages.access import agreement_page
from records.keys import whole_number
from records.limits import NAME_TYPED
from records.names import clean_name

RESULTS = 10


def people_like(request, text):
    rows = Person.objects.visible_to(request.user).of(request.access.agreement).select_related("organisation")
    people = list(rows.suggested(text)[:RESULTS])
    count_times_came(people, request.user)
    return people


def organisations_like(request, text):
    rows = Organisation.objects.visible_to(request.user).of(request.access.agreement)
    return list(rows.suggested(text)[:RESULTS])


@agreement_page(may="editor")
@require_safe
def pick(request):
    """The options for ``q``: people; with ``owners``, organisations too; with ``organisations``, organisations only."""
    text = clean_name(request.GET.get("q", "")[:NAME_TYPED].replace("\0", ""))[:200]
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
    """The small form of a new person (GET, with ``name``).

    On POST, return the person as a chip (status 201), or the form with its errors.
    """
    agreement = request.access.agreement
    form = NewPersonForm(request.POST or None, agreement=agreement, initial={"name": request.GET.get("name", "")[:200]})
    person = form.made_before
    if not person and form.is_valid():
        person = add_person(agreement, **form.person_fields, by=request.user)
    if person:
        context = {"person": person, "name": "who", "key": key_of(person), "label": label_of(person)}
        return render(request, "contacts/_chip.html", context, status=201)
    return render(request, "contacts/_new_person.html", {"form": form})


@agreement_page(may="editor")
@require_POST
def pick_read(request):
    """Return the people of a pasted ``text`` as rows of the table to check. Without ``text``, read the sent rows again.

    With ``restore`` the rows are those of a draft, and are returned as they were left. ``field`` is the name of the
    form's field, ``rows`` is how many rows the page has had.
    """
    agreement = request.access.agreement
    name = request.POST.get("field", "")
    name = name if PLAIN_NAME.fullmatch(name) else "who"
    if "text" in request.POST:
        first = whole_number(request.POST.get("rows", "")) or 0
        reading = read_answer(agreement, Answer(typed=request.POST["text"]), first=first)
    else:
        read = restore if "restore" in request.POST else recheck
        reading = read(agreement, PeopleWidget().value_from_datadict(request.POST, {}, name))
    return render(request, "contacts/_read.html", {"reading": reading, "name": name, "id": f"id_{name}"})

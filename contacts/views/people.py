"""The list of people, and the form of one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from contacts.actions import add_person, save_person
from contacts.forms import PersonForm
from contacts.forms.filters import PeopleFilter
from contacts.models import Organisation, Person
from contacts.queries import count_times_came
from pages.access import agreement_page
from pages.finding import find
from records.keys import whole_number

ROWS = 25


@agreement_page
def people(request):
    """The people of the agreement: searched, filtered, sorted and paged in the database."""
    form = PeopleFilter(request.GET, agreement=request.access.agreement)
    page = Paginator(form.people(request.user), ROWS).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    count_times_came(page.object_list, request.user)
    return render(request, "contacts/people.html", {"nav_here": "contacts", "form": form, "page_obj": page})


@agreement_page(may="editor")
def new_person(request):
    """Add a person; ``?organisation=`` has them be there."""
    agreement = request.access.agreement
    form = PersonForm(request.POST or None, agreement=agreement, initial={"organisation": _organisation_asked(request)})
    if form.made_before:
        return redirect(form.made_before)
    if form.is_valid():
        person = add_person(agreement, **form.person_fields, by=request.user)
        messages.success(request, f"Added {person}.")
        return redirect(person)
    return render(request, "contacts/person_form.html", {"nav_here": "contacts", "form": form})


@agreement_page(may="editor")
def edit_person(request, pk):
    """Change a person."""
    person = find(request, Person.objects.select_related("organisation__party", "user"), pk=pk)
    form = PersonForm(request.POST or None, instance=person, agreement=request.access.agreement, by=request.user)
    if form.is_valid() and form.save_with(save_person, organisation_name=form.put_organisation(), by=request.user):
        messages.success(request, f"Saved {person}.")
        return redirect(person)
    return render(request, "contacts/person_form.html", {"nav_here": "contacts", "form": form, "person": person})


def _organisation_asked(request):
    """The organisation that the address names, or None."""
    key = whole_number(request.GET.get("organisation", ""))
    rows = Organisation.objects.visible_to(request.user).of(request.access.agreement)
    return rows.filter(pk=key).first() if key else None

"""The list of people, and the form of one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from contacts.forms import PersonForm
from contacts.lists import PeopleList
from contacts.models import Organisation, Person
from contacts.operations import add_person, save_person
from pages.access import agreement_page
from pages.exports import exported
from pages.finding import find
from records.keys import whole_number


@agreement_page
def people(request):
    """The people of the agreement: searched, filtered, sorted and paged in the database."""
    return render(request, "contacts/people.html", {"nav_here": "contacts", "list": _list(request)})


@agreement_page
def export(request, ending):
    return exported(_list(request), ending)


def _list(request):
    return PeopleList(request.GET, user=request.user, agreement=request.access.agreement)


@agreement_page(may="editor")
def new_person(request):
    """Add a person. ``?organisation=`` fills in the organisation with that key."""
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
    person = find(request, Person.objects.select_related("organisation__party", "user"), pk=pk)
    form = PersonForm(request.POST or None, instance=person, agreement=request.access.agreement, by=request.user)
    if form.is_valid() and form.save_with(save_person, organisation_name=form.put_organisation(), by=request.user):
        messages.success(request, f"Saved {person}.")
        return redirect(person)
    return render(request, "contacts/person_form.html", {"nav_here": "contacts", "form": form, "person": person})


def _organisation_asked(request):
    """The organisation named in the query string, or None."""
    key = whole_number(request.GET.get("organisation", ""))
    rows = Organisation.objects.visible_to(request.user).of(request.access.agreement)
    return rows.filter(pk=key).first() if key else None

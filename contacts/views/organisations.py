"""The list of organisations, and the form of one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from contacts.forms import OrganisationForm
from contacts.lists import OrganisationsList
from contacts.models import Organisation
from contacts.operations import add_organisation, save_organisation
from pages.access import agreement_page
from pages.exports import exported
from pages.finding import find


@agreement_page
def organisations(request):
    """The organisations of the agreement: searched, filtered, sorted and paged in the database."""
    context = {"nav_here": "contacts", "list": _list(request)}
    return render(request, "contacts/organisations.html", context)


@agreement_page
def export(request, ending):
    return exported(_list(request), ending)


def _list(request):
    return OrganisationsList(request.GET, user=request.user, agreement=request.access.agreement)


@agreement_page(may="editor")
def new_organisation(request):
    form = OrganisationForm(request.POST or None, agreement=request.access.agreement)
    if form.made_before:
        return redirect(form.made_before)
    if form.is_valid():
        organisation = add_organisation(request.access.agreement, **form.cleaned_data, by=request.user)
        messages.success(request, f"Added {organisation.name}.")
        return redirect(organisation)
    return render(request, "contacts/organisation_form.html", {"nav_here": "contacts", "form": form})


@agreement_page(may="editor")
def edit_organisation(request, pk):
    organisation = find(request, Organisation.objects.select_related("party"), pk=pk)
    form = OrganisationForm(request.POST or None, instance=organisation, agreement=request.access.agreement)
    if form.is_valid() and form.save_with(save_organisation, by=request.user):
        messages.success(request, f"Saved {organisation.name}.")
        return redirect(organisation)
    return render(
        request, "contacts/organisation_form.html", {"nav_here": "contacts", "form": form, "organisation": organisation}
    )

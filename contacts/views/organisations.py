"""The list of organisations, and the form of one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from contacts.actions import add_organisation, save_organisation
from contacts.forms import OrganisationForm
from contacts.forms.filters import OrganisationsFilter
from contacts.models import Organisation
from pages.access import agreement_page
from pages.finding import find

ROWS = 25


@agreement_page
def organisations(request):
    """The organisations of the agreement: searched, filtered, sorted and paged in the database."""
    form = OrganisationsFilter(request.GET, agreement=request.access.agreement)
    page = Paginator(form.organisations(request.user), ROWS).get_page(request.GET.get("page"))
    return render(request, "contacts/organisations.html", {"nav_here": "contacts", "form": form, "page_obj": page})


@agreement_page(may="editor")
def new_organisation(request):
    """Add an organisation."""
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
    """Change an organisation."""
    organisation = find(request, Organisation.objects.select_related("party"), pk=pk)
    form = OrganisationForm(request.POST or None, instance=organisation, agreement=request.access.agreement)
    if form.is_valid() and form.save_with(save_organisation, by=request.user):
        messages.success(request, f"Saved {organisation.name}.")
        return redirect(organisation)
    return render(
        request, "contacts/organisation_form.html", {"nav_here": "contacts", "form": form, "organisation": organisation}
    )

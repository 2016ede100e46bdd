"""A page with the fields of contacts, for tests: so that these depend on no other room's forms."""

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from config.urls import urlpatterns as pages
from contacts.forms import OrganisationsField, OwnerField, PeopleField, WithContacts
from contacts.operations import organisations_of, people_of
from pages.access import agreement_page

PAGE = """{% extends "base.html" %}{% load crispy_forms_filters %}
{% block title %}Trial{% endblock %}{% block heading %}Trial{% endblock %}
{% block content %}{% if saved %}<p>{{ saved }}</p>{% else %}<form class="card narrow" method="post" novalidate>
{% include "contacts/to_confirm.html" %}{% include "elements/error_summary.html" %}{% csrf_token %}
{{ form.title|as_crispy_field }}{{ form.who|as_crispy_field }}{{ form.hosts|as_crispy_field }}
{{ form.owner|as_crispy_field }}
<div class="save-bar"><button class="btn btn-primary" type="submit">Save</button></div></form>{% endif %}{% endblock %}
{% block scripts %}{{ form.media }}{% endblock %}"""


class TrialForm(WithContacts, forms.Form):
    title = forms.CharField(max_length=20)
    who = PeopleField(required=False)
    hosts = OrganisationsField(required=False, label="Hosts")
    owner = OwnerField(required=False)


@agreement_page(may="editor")
def trial(request):
    """What is saved is told in one line; ``?who=`` has it begin with somebody."""
    agreement = request.access.agreement
    form = TrialForm(request.POST or None, agreement=agreement, initial={"who": request.GET.getlist("who")})
    page = engines["django"].from_string(PAGE)
    if not form.is_valid():
        return HttpResponse(page.render({"form": form}, request))
    with transaction.atomic():
        people = people_of(form.cleaned_data["who"], agreement=agreement, by=request.user)
        hosts = organisations_of(form.cleaned_data["hosts"], agreement=agreement, by=request.user)
    owner = next(filter(None, form.cleaned_data["owner"]), None)
    saved = f"Saved: {names(people)}; hosts: {names(hosts)}; owner: {owner}; {' '.join(form.notes)}"
    return HttpResponse(page.render({"saved": saved}, request))


def names(rows):
    """In one line."""
    return ", ".join(row.name for row in rows)


urlpatterns = [path("agreements/<slug:agreement>/trial/", trial, name="trial"), *pages]

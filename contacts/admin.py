"""The address book in Django admin. Rows are saved and deleted by the operations, as on the pages."""

from django.contrib import admin

from contacts.models import Organisation, Person
from contacts.operations import delete_organisation, delete_person, save_organisation, save_person
from records.admin import RecordAdmin


class ContactsAdmin(RecordAdmin):
    def get_search_results(self, request, queryset, search_term):
        """Search as on the pages: any part of any name, whatever the case and the accents."""
        return queryset.matching(search_term.replace("\0", "")), False


@admin.register(Organisation)
class OrganisationAdmin(ContactsAdmin):
    """The organisation of a party takes its names from the party, and stays as long as the party does."""

    list_display = ["name", "short_name", "kind", "party", "agreement"]
    list_filter = ["agreement", "kind"]
    list_select_related = ["agreement", "party"]
    search_fields = ["name", "short_name"]
    readonly_fields = ["party"]
    fields = ["agreement", "name", "short_name", "kind", "website", "party"]
    save_verb, delete_verb = save_organisation, delete_organisation

    def get_readonly_fields(self, request, obj=None):
        """The names of a party's organisation are the party's."""
        names = ["name", "short_name"] if obj and obj.party_id else []
        return [*super().get_readonly_fields(request, obj), *names]

    def has_delete_permission(self, request, obj=None):
        """A party always has its organisation."""
        return super().has_delete_permission(request, obj) and not (obj and obj.party_id)


@admin.register(Person)
class PersonAdmin(ContactsAdmin):
    """People. Their account is read-only here, because it is set when a role is given."""

    list_display = ["name", "title", "honours", "organisation", "email", "job_title", "left_on", "agreement"]
    list_filter = ["agreement", "organisation__kind", ("left_on", admin.EmptyFieldListFilter)]
    list_select_related = ["agreement", "organisation"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["user"]
    fields = ["agreement", "title", "name", "honours", "organisation", "job_title", "email", "left_on", "user"]
    save_verb, delete_verb = save_person, delete_person

    def has_delete_permission(self, request, obj=None):
        """A member of an agreement always has a person."""
        return super().has_delete_permission(request, obj) and not (obj and obj.user_id)

"""Forms of contacts, and the fields with which the forms of other rooms name people and organisations.

How another room uses them (the mixin comes first; it takes ``agreement`` and hands it to the fields):

    class LogForm(WithContacts, forms.ModelForm):
        who = PeopleField(label="Who came", required=False)
        owner = OwnerField(required=False)
        other_hosts = OrganisationsField(label="Hosts", required=False)

``cleaned_data["who"]`` is a list of ``PersonEntry`` for the verb ``people_of``; ``["other_hosts"]`` one of
``OrganisationEntry`` for ``organisations_of``; ``["owner"]`` a pair (person, organisation) of which one is None.

Lines that were typed or pasted come back to be confirmed: then ``is_valid()`` is False without an error, ``to_confirm``
is True, and the page is shown again with ``contacts/to_confirm.html`` where its error summary stands. ``notes`` are
sentences to tell after saving. The pages add ``{{ form.media }}`` to their scripts.
"""

from contacts.forms.base import WithContacts
from contacts.forms.organisations import OrganisationField, OrganisationsField
from contacts.forms.owner import OwnerField
from contacts.forms.people import PeopleField
from contacts.forms.records import NewPersonForm, OrganisationForm, PersonForm

__all__ = [
    "NewPersonForm",
    "OrganisationField",
    "OrganisationForm",
    "OrganisationsField",
    "OwnerField",
    "PeopleField",
    "PersonForm",
    "WithContacts",
    "whole_number",
]

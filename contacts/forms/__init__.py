"""Forms of contacts, and the fields with which the forms of other apps name people and organisations.

How another app uses them (the mixin comes first; it takes ``agreement`` and passes it to the fields):

    class LogForm(WithContacts, forms.ModelForm):
        who = PeopleField(label="Who came", required=False)
        owner = OwnerField(required=False)
        other_hosts = OrganisationsField(label="Hosts", required=False)

``cleaned_data["who"]`` is a list of ``PersonEntry`` for the operation ``people_of``; ``["other_hosts"]`` is a list of
``OrganisationEntry`` for ``organisations_of``; ``["owner"]`` is a pair (person, organisation), of which one is None, or
both where nobody is named.

People who were typed or pasted must be confirmed first: ``is_valid()`` is then False without an error, ``to_confirm``
is True, and the page is shown again with ``contacts/to_confirm.html`` in place of its error summary. ``notes`` are
messages to show after saving. Pages add ``{{ form.media }}`` to their scripts.
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
]

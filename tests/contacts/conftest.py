"""Who is in the address book of these tests."""

from types import SimpleNamespace

import pytest

from tests.factories import OrganisationFactory, PersonFactory


@pytest.fixture
def book(cast):
    """Two councils; Morag Lewis and Priya Nair; and in the other agreement somebody whom nobody here may learn of."""
    eastmarch = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council", short_name="Eastmarch")
    northmoor = OrganisationFactory(agreement=cast.agreement, name="Northmoor Council")
    return SimpleNamespace(
        agreement=cast.agreement,
        eastmarch=eastmarch,
        northmoor=northmoor,
        morag=PersonFactory(
            agreement=cast.agreement, name="Morag Lewis", email="morag@eastmarch.example", organisation=eastmarch
        ),
        priya=PersonFactory(
            agreement=cast.agreement, name="Priya Nair", email="priya@northmoor.example", organisation=northmoor
        ),
        stranger=PersonFactory(agreement=cast.elsewhere, name="Sam Secret", email="sam@secret.example"),
        strangers=OrganisationFactory(agreement=cast.elsewhere, name="Secret Council"),
    )

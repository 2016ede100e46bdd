"""What the tests of commitments start from."""

import pytest
from django.urls import reverse

from tests.factories import CommitmentFactory


@pytest.fixture
def commitment(cast):
    """A commitment of the agreement, told in words."""
    return CommitmentFactory(agreement=cast.agreement, title="A seat", clause="Paragraph 4", given_by=cast.lga)


@pytest.fixture
def filled():
    """``filled(title=…)`` gives what the form of a commitment sends, with these fields changed."""

    def fill(**fields):
        return {"title": "Four roundtables a year", "measure": "narrative", "certainty": "stated", **fields}

    return fill


@pytest.fixture
def at(cast):
    """``at("edit", pk)`` gives the address of a page of commitments."""

    def address(name, *args):
        return reverse(f"commitments:{name}", args=[cast.agreement.slug, *args])

    return address

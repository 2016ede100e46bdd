"""The plan that the leads of the demonstration set for its agreement years."""

from commitments.operations import save_plan
from partnership.agreement_years import year_numbered
from partnership.models import AgreementDate


def make_plan(book, rows):
    """Save the ``rows`` of agreement.toml, whose years are counted from that of the load."""
    effective = book.agreement.date_of(AgreementDate.Kind.EFFECTIVE).on
    this = book.agreement.year_on(book.calendar.today).number
    for row in rows:
        year = year_numbered(effective, this + row["year"])
        save_plan(book.agreement, year, row["numbers"], by=book.people[row["by"]].user)

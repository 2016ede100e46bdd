"""What the tests of the dashboards start from."""

import datetime as dt

import pytest

TODAY = dt.date(2026, 11, 24)
"""A Tuesday: day 238 of the second agreement year, which began on 1 April 2026."""


@pytest.fixture
def november(time_machine):
    """It is noon on 24 November 2026, and stays so."""
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)
    return TODAY

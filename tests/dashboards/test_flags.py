"""The dates of an agreement stand on its dashboard once they are near, until they are changed."""

import datetime as dt

import pytest
import time_machine

from dashboards.widgets.date_alerts import DateAlert, alerts_of
from partnership.models import Agreement

TODAY = dt.date(2026, 12, 1)


def date_in(agreement, days, kind="end", certainty="stated"):
    return agreement.dates.create(kind=kind, on=TODAY + dt.timedelta(days=days), certainty=certainty)


@pytest.mark.parametrize(
    ("kind", "days", "flag"),
    [
        ("end", 91, None),
        ("end", 90, DateAlert("quiet", "The agreement ends on 1 March 2027, in 90 days.")),
        ("end", 8, DateAlert("quiet", "The agreement ends on 9 December 2026, in 8 days.")),
        ("end", 7, DateAlert("warn", "The agreement ends on 8 December 2026, in 7 days.")),
        ("end", 1, DateAlert("warn", "The agreement ends on 2 December 2026, tomorrow.")),
        ("end", 0, DateAlert("warn", "The agreement ends on 1 December 2026, today.")),
        ("end", -1, DateAlert("warn", "The agreement ended on 30 November 2026, yesterday.")),
        ("end", -400, DateAlert("warn", "The agreement ended on 27 October 2025, 400 days ago.")),
        ("review", 5, DateAlert("warn", "The agreement is to be reviewed on 6 December 2026, in 5 days.")),
        ("review", -3, DateAlert("warn", "The review of the agreement was due on 28 November 2026, 3 days ago.")),
        ("notice", 5, DateAlert("warn", "The last day for notice is 6 December 2026, in 5 days.")),
        ("signed", 5, None),
    ],
)
def test_what_is_said_of_a_date(cast, kind, days, flag):
    cast.agreement.dates.all().delete()
    date_in(cast.agreement, days, kind)
    assert alerts_of(cast.agreement, TODAY) == ([flag] if flag else [])


def test_what_matters_more_stands_first_and_a_doubt_is_said(cast):
    date_in(cast.agreement, 30, "notice", certainty="unclear")
    date_in(cast.agreement, 40, "review")
    date_in(cast.agreement, 3)
    assert [(flag.state, flag.text[:24]) for flag in alerts_of(cast.agreement, TODAY)] == [
        ("warn", "The agreement ends on 4 "),
        ("quiet", "The last day for notice "),
        ("quiet", "The agreement is to be r"),
    ]
    assert alerts_of(cast.agreement, TODAY)[1].text.endswith("This date is unclear.")


@pytest.mark.parametrize(("kind", "state"), [("end", "warn"), ("review", "quiet")])
def test_of_what_nobody_is_sure_only_the_end_is_a_warning(cast, kind, state):
    date_in(cast.agreement, -3, kind, certainty="inferred")
    assert [flag.state for flag in alerts_of(cast.agreement, TODAY)] == [state]


def test_once_the_agreement_is_said_to_have_ended_nothing_is_flagged(cast):
    date_in(cast.agreement, -3)
    cast.agreement.status = Agreement.Status.ENDED
    assert alerts_of(cast.agreement, TODAY) == []


@pytest.mark.parametrize("who", ["lead", "techuk_lead", "viewer"])
def test_everybody_sees_it_on_the_dashboard(cast, sign_in, who):
    date_in(cast.agreement, 6)
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12), dt.UTC), tick=False):
        page = sign_in(getattr(cast, who)).get("/agreements/lga-techuk/").content.decode()
    assert "The agreement ends on 7 December 2026, in 6 days." in page

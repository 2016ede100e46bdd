"""The sentence on top of the dashboard is right, and is good English, in every case."""

import datetime as dt

import pytest

from commitments.rules.rhythm import CommitmentTally
from dashboards.widgets.sentence import Meeting, SentenceFacts, sentence

TODAY = dt.date(2026, 11, 24)
COMMITTEE = Meeting("Digital Committee", dt.date(2026, 12, 3), dt.date(2026, 12, 3))


def meeting(first, last=None):
    return Meeting("Digital Committee", first, last or first)


def facts(**changes):
    usual = {"today": TODAY, "since": dt.date(2026, 4, 1), "held": 18, "open": 14, "overdue": 4, "next": COMMITTEE}
    return SentenceFacts(**usual | changes)


def said(**changes):
    return "".join(words.text for words in sentence(facts(**changes)))


NEXT = "Next: Digital Committee, Thursday 3 December."
TO_COME = "This agreement is to take effect on 1 April 2027, in 128 days."
CASES = [
    ({}, f"18 engagements held since 1 April 2026. 4 of 14 open actions are overdue. {NEXT}"),
    (
        {"against_plan": "2 more than the plan by now", "open": 0, "overdue": 0},
        f"18 engagements held since 1 April 2026, 2 more than the plan by now. No actions are open. {NEXT}",
    ),
    (
        {"held": 0, "against_plan": "5 fewer than the plan by now", "open": 0, "overdue": 0},
        f"No engagements held since 1 April 2026, 5 fewer than the plan by now. No actions are open. {NEXT}",
    ),
    ({"held": 1, "overdue": 1}, f"1 engagement held since 1 April 2026. 1 of 14 open actions is overdue. {NEXT}"),
    (
        {"held": 0, "open": 0, "overdue": 0, "next": None},
        "No engagements held since 1 April 2026. No actions are open. Nothing is planned.",
    ),
    (
        {"status": "draft", "begins_on": dt.date(2027, 4, 1), "held": 0},
        f"This agreement is a draft, to take effect on 1 April 2027. 4 of 14 open actions are overdue. {NEXT}",
    ),
    (
        {"status": "draft", "held": 0, "open": 0, "overdue": 0, "next": None},
        "This agreement is a draft. No engagements held since 1 April 2026. No actions are open. Nothing is planned.",
    ),
    (
        {"begins_on": dt.date(2026, 11, 25), "held": 0, "open": 0, "overdue": 0, "next": None},
        "This agreement is to take effect on 25 November 2026, tomorrow. No actions are open. Nothing is planned.",
    ),
    (
        {"begins_on": dt.date(2027, 4, 1), "open": 0, "overdue": 0},
        f"{TO_COME} No actions are open. {NEXT}",
    ),
    (
        {"status": "ended", "ended_on": dt.date(2026, 3, 31), "open": 0, "overdue": 0, "next": None},
        "This agreement ended on 31 March 2026. 18 engagements held in its last year. No actions are open.",
    ),
    (
        {"status": "ended", "held": 0, "open": 1, "overdue": 1, "next": None},
        "This agreement ended. No engagements held in its last year. 1 open action is overdue.",
    ),
    (
        {"when": "from 1 April to 30 June 2026"},
        f"18 engagements held from 1 April to 30 June 2026. 4 of 14 open actions are overdue. {NEXT}",
    ),
    (
        {"when": "since 1 May 2026", "begins_on": dt.date(2027, 4, 1), "held": 1, "open": 0, "overdue": 0},
        f"{TO_COME} 1 engagement held since 1 May 2026. No actions are open. {NEXT}",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_it_says_what_is_the_case(changes, expected):
    assert said(**changes) == expected


@pytest.mark.parametrize(
    ("open_", "overdue", "expected"),
    [
        (0, 0, "No actions are open."),
        (1, 0, "1 open action, not overdue."),
        (1, 1, "1 open action is overdue."),
        (3, 0, "None of 3 open actions is overdue."),
        (3, 1, "1 of 3 open actions is overdue."),
        (3, 2, "2 of 3 open actions are overdue."),
        (3, 3, "All 3 open actions are overdue."),
    ],
)
def test_it_says_how_the_actions_stand(open_, overdue, expected):
    assert f" {expected} " in said(open=open_, overdue=overdue)


@pytest.mark.parametrize(
    ("next_", "expected"),
    [
        (None, "Nothing is planned."),
        (meeting(TODAY), "Next: Digital Committee, today."),
        (meeting(dt.date(2026, 11, 25)), "Next: Digital Committee, tomorrow."),
        (meeting(dt.date(2026, 12, 3)), "Next: Digital Committee, Thursday 3 December."),
        (meeting(dt.date(2027, 1, 15)), "Next: Digital Committee, Friday 15 January 2027."),
        (meeting(dt.date(2026, 11, 20), dt.date(2026, 11, 27)), "Now: Digital Committee, until Friday 27 November."),
        (meeting(dt.date(2026, 11, 20), TODAY), "Now: Digital Committee, until today."),
    ],
)
def test_it_says_what_comes_next(next_, expected):
    assert said(next=next_).endswith(expected)


def test_large_numbers_are_written_with_commas():
    assert said(held=4682, open=2000, overdue=1997).startswith(
        "4,682 engagements held since 1 April 2026. 1,997 of 2,000 open actions are overdue. "
    )


def test_each_number_leads_to_the_rows_that_it_counts():
    links = {"held": "/held", "overdue": "/overdue", "open": "/open", "next": "/record"}
    words = [(w.text, w.url, w.count) for w in sentence(facts(), links) if w.url]
    assert words == [
        ("18 engagements", "/held", 18),
        ("4 of 14 open actions", "/overdue", 4),
        ("Digital Committee", "/record", None),
    ]
    assert ("14 open actions", "/open", 14) in [(w.text, w.url, w.count) for w in sentence(facts(overdue=0), links)]


@pytest.mark.parametrize(
    ("measured", "kept", "slipping", "late", "expected"),
    [
        (0, 0, 0, 0, "2026. 4 of"),
        (9, 9, 0, 0, "2026. All 9 measured commitments are on course. 4 of"),
        (1, 1, 0, 0, "2026. 1 commitment is on course. 4 of"),
        (9, 7, 2, 0, "2026. 2 of 9 commitments are slipping. 4 of"),
        (9, 8, 1, 0, "2026. 1 of 9 commitments is slipping. 4 of"),
        (9, 7, 0, 2, "2026. 2 of 9 commitments are late. 4 of"),
        (9, 6, 2, 1, "2026. 2 of 9 commitments are slipping, 1 is late. 4 of"),
    ],
)
def test_it_says_whether_what_was_promised_is_kept(measured, kept, slipping, late, expected):
    assert expected in said(promised=CommitmentTally(measured, kept, slipping, late))

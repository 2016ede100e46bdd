"""The engagements of the demonstration and their outcomes. All are invented except the public events."""

from datetime import UTC, datetime, time, timedelta
from itertools import groupby

import pghistory
import pgtrigger
from django.db.models import OuterRef, Subquery

from commitments.models import Commitment
from demo.data import times
from engagements.models import (
    Action,
    Decision,
    Engagement,
    EngagementHost,
    EngagementWorkstream,
    Participation,
    Series,
)
from engagements.operations.engagement import change_engagement, confirm_engagement
from engagements.operations.occurrences import fields_of, set_series_parts
from engagements.rules.recurrence import CODES

Kind, Status = Engagement.Kind, Engagement.Status
JOINING_LINK = "https://meet.example/"


def make_engagements(book, rows):
    """Create the engagements of ``rows``, from programme.toml. Returns (engagement, row) pairs."""
    pairs = [(engagement(book, row), row) for row in rows]
    insert(book, pairs)
    return pairs


def make_public_events(book, rows):
    """Create the public events of ``rows``. They are not under the agreement and count towards nothing."""
    pairs = [(public_event(book, row), row) for row in rows]
    insert(book, pairs)


def engagement(book, row):
    """One engagement, not yet saved."""
    kind, mode = row["kind"], row["mode"]
    start_time, end_time = times(row.get("at"))
    first_day = book.calendar.day(row["day"])
    logger = book.officer(book.organisations[row["hosts"][0]])
    return Engagement(
        agreement=book.agreement,
        title=row["title"],
        kind=kind,
        status=row.get("status", Status.HELD if row["day"] < 0 else Status.PLANNED),
        starts_on=first_day,
        start_time=start_time,
        end_time=end_time,
        mode=mode,
        venue=row.get("venue", ""),
        joining_link="" if mode == "in_person" else joining_link(kind, row["day"]),
        committee=book.committee if kind == Kind.COMMITTEE else None,
        summary=row.get("summary", ""),
        outcomes=row.get("outcomes", ""),
        head_count=row.get("head_count"),
        chatham_house=row.get("chatham_house", False),
        cancel_reason=row.get("cancel_reason", ""),
        logged_by=logger,
        updated_by=logger,
        updated_at=logged_at(book, first_day, row["day"]),
    )


def joining_link(kind, day):
    """An address that leads nowhere; all meetings of the committee have the same one."""
    return f"{JOINING_LINK}{kind}" if kind == Kind.COMMITTEE else f"{JOINING_LINK}{kind}-{abs(day)}"


def public_event(book, row):
    """One public event, not yet saved; its day is a fact and does not move with the load."""
    logger = book.officer(book.organisations[row["hosts"][0]])
    return Engagement(
        agreement=book.agreement,
        title=row["title"],
        kind=row["kind"],
        status=Status.HELD,
        starts_on=row["on"],
        mode=row["mode"],
        summary=row.get("summary", ""),
        is_public_event=True,
        source_url=row["source_url"],
        logged_by=logger,
        updated_by=logger,
        updated_at=book.calendar.before_now(datetime.combine(book.calendar.day(-450), time(9), UTC)),
    )


def logged_at(book, day, offset):
    """When a record was made: one or two days after a past engagement, weeks before one to come."""
    ahead = timedelta(days=(1 + abs(offset) % 2) if offset < 0 else -45, hours=15, minutes=7 * offset % 60)
    return book.calendar.before_now(datetime.combine(day, time(0), UTC) + ahead, hours=1 + abs(offset) % 5)


def insert(book, pairs):
    """Save engagements with hosts and workstreams, each under the name of the officer who logged it."""
    pairs.sort(key=lambda pair: pair[0].logged_by_id)
    for officer, group in groupby(pairs, key=lambda pair: pair[0].logged_by):
        with pghistory.context(user=officer.user_id, verb="log engagement"):
            insert_as_one(book, list(group))
    pairs.sort(key=lambda pair: pair[0].starts_on)


def insert_as_one(book, pairs):
    """Save engagements and their links in three statements."""
    Engagement.objects.bulk_create(engagement for engagement, _ in pairs)
    EngagementHost.objects.bulk_create(
        EngagementHost(agreement=book.agreement, engagement=engagement, organisation=book.organisations[name])
        for engagement, row in pairs
        for name in row["hosts"]
    )
    EngagementWorkstream.objects.bulk_create(
        EngagementWorkstream(agreement=book.agreement, engagement=engagement, workstream=book.workstreams[slug])
        for engagement, row in pairs
        for slug in row.get("workstreams", [])
    )


def make_series(book, facts):
    """Make a series of the engagements with one title: later ones follow its rule, earlier ones keep their days."""
    rows = list(Engagement.objects.of(book.agreement).filter(title=facts["title"]).order_by("starts_on"))
    first = next(row for row in rows if row.starts_on >= book.calendar.today)
    series = Series(
        agreement=book.agreement,
        rule=f"FREQ=WEEKLY;INTERVAL={facts['weeks']};BYDAY={CODES[first.starts_on.weekday()]}",
        first_day=first.starts_on,
        ends_on=book.calendar.today + timedelta(facts["until"]),
        started_by=first.logged_by,
        **fields_of(first) | {"summary": ""},
    )
    with pghistory.context(user=first.logged_by.user_id, verb="start series"):
        series.save()
        set_series_parts(series, hosts=first.hosts.all(), workstreams=first.workstreams.all())
    days = [row.starts_on for row in rows if row.starts_on < first.starts_on]
    days += [one.day for one in series.occurrences()]
    with pgtrigger.ignore("engagements.Engagement:update_update"):
        for row, day in zip(rows, days, strict=False):
            Engagement.objects.filter(pk=row.pk).update(series=series, series_date=day)


def backdate(agreement):
    """Move records and their history back to when they were logged, and commitments to the effective date."""
    effective = agreement.dates.get(kind="effective").on
    with pgtrigger.ignore("commitments.Commitment:update_update"):
        begun = datetime.combine(effective, time(), UTC)
        Commitment.objects.of(agreement).update(created_at=begun)
    rows = Engagement.objects.of(agreement)
    with pgtrigger.ignore("engagements.Engagement:update_update"):
        for pk, at in rows.values_list("pk", "updated_at"):
            rows.filter(pk=pk).update(created_at=at)
    begun = Engagement.objects.filter(pk=OuterRef("pgh_obj_id"))
    Engagement.pgh_event_model.objects.filter(agreement=agreement).update(
        pgh_created_at=Subquery(begun.values("updated_at")), created_at=Subquery(begun.values("updated_at"))
    )
    logged = Engagement.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("engagement_id"), pgh_label="insert")
    for model in (EngagementHost, EngagementWorkstream, Participation, Decision, Action):
        events = model.pgh_event_model.objects.filter(agreement=agreement, engagement__isnull=False)
        events.update(
            pgh_created_at=Subquery(logged.values("pgh_created_at")),
            pgh_context_id=Subquery(logged.values("pgh_context_id")),
        )


def change_some(book):
    """Make two changes today as techUK's officer, so that there is a history to see."""
    officer = book.officer(book.organisations["techUK"]).user
    moved = Engagement.objects.of(book.agreement).get(title="Call-off contracts clinic, second try")
    moved.summary = "Bring a call-off contract of yours, and a question about it."
    change_engagement(moved, by=officer)
    confirm_engagement(moved, by=officer)


def make_outcomes(book, pairs, loose):
    """Create the decisions and actions of the engagements, and the actions ``loose``, which have no engagement."""
    Decision.objects.bulk_create(
        Decision(agreement=book.agreement, engagement=engagement, position=n, text=text)
        for engagement, row in pairs
        for n, text in enumerate(row.get("decisions", []))
    )
    Action.objects.bulk_create(
        [action(book, row, engagement) for engagement, event in pairs for row in event.get("actions", [])]
        + [action(book, row) for row in loose]
    )


def action(book, row, engagement=None):
    """One action, not yet saved."""
    person = book.people.get(row["owner"])
    organisation = None if person else book.organisations[row["owner"]]
    done_on = book.calendar.day(row["done"]) if "done" in row else None
    return Action(
        agreement=book.agreement,
        engagement=engagement,
        workstream=book.workstreams.get(row.get("workstream")),
        title=row["title"],
        progress=row.get("progress", ""),
        progress_on=book.calendar.day(-1) if "progress" in row else None,
        owner_person=person,
        owner_organisation=organisation,
        due_on=book.calendar.day(row["due"]) if "due" in row else None,
        done_on=done_on,
        done_by=(person or book.officer(organisation)) if done_on else None,
    )

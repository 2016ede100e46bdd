"""The list of engagements as a spreadsheet file, written as it is read."""

import csv
import datetime as dt
from itertools import chain

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse

from engagements.models import Decision, Engagement

MOST_IN_CALENDAR = 1_000
READ_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"
"""Tells Excel that the file is UTF-8."""
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet may take for a formula. The last four are =, +, - and @ in full width, which
some programs for East Asian languages read as the plain ones.
"""

COLUMNS = {
    "Date": "starts_on",
    "Last day": "ends_on",
    "From": "start_time",
    "To": "end_time",
    "Time zone": "time_zone",
    "Title": "title",
    "Kind": "kind",
    "State": "status",
    "Workstreams": "streams",
    "Hosts": "host_names",
    "Committee": "committee__name",
    "How people meet": "mode",
    "Venue": "venue",
    "Invited": "invited_count",
    "Said they come": "coming_count",
    "Came": "came_count",
    "Head-count": "head_count",
    "Chatham House Rule": "chatham_house",
    "Public event of a party": "is_public_event",
    "Summary": "summary",
    "Outcomes": "outcomes",
    "Decisions": "decision_texts",
    "Why it was cancelled": "cancel_reason",
    "Address": "id",
}
"""{head of the column: what of an engagement stands in it}. Who was there is counted, never named."""

LABELS = {
    "kind": dict(Engagement.Kind.choices),
    "status": dict(Engagement.Status.choices),
    "mode": dict(Engagement.Mode.choices),
}


class _Echo:
    """A file for ``csv.writer`` that hands back what is written."""

    def write(self, line):
        return line


def csv_lines(rows, agreement):
    """The lines of the file for ``rows`` (engagements of ``agreement``), read as they are asked for."""
    decisions = Decision.objects.filter(engagement=OuterRef("pk")).order_by("position", "pk").values("text")
    rows = rows.with_streams().with_host_names().with_head_counts()
    rows = rows.annotate(decision_texts=ArraySubquery(decisions))
    found = rows.values_list(*COLUMNS.values()).iterator(chunk_size=READ_AT_ONCE)
    record = settings.SITE_URL + reverse("engagements:list", args=[agreement.slug])
    lines = ([cell(name, value, record) for name, value in zip(COLUMNS.values(), row, strict=True)] for row in found)
    writer = csv.writer(_Echo())
    return chain([BYTE_ORDER_MARK], (writer.writerow(line) for line in chain([COLUMNS], lines)))


def cell(name, value, record):
    """What stands in a cell for ``value`` of the field ``name``; ``record`` is the address above the records."""
    if name == "id":
        return f"{record}{value}/"
    if name == "streams":
        value = [stream["name"] for stream in value]
    if isinstance(value, list):
        value = ("\n" if name == "decision_texts" else ", ").join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return harmless(LABELS.get(name, {}).get(value, value))


def harmless(value):
    """A text that a spreadsheet would take for a formula, with an apostrophe in front; anything else as it is."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value

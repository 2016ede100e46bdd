"""The rows of a list as a file: CSV or XLSX, written as they are read (docs/decisions/0044)."""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from tempfile import TemporaryFile

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

READ_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"
"""Tells Excel that the file is UTF-8."""
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet may take a cell for a formula if it begins with one of these. The last four are =, +, - and @ in full
width, which some programs for East Asian languages read as the plain ones.
"""
LONGEST_CELL = 32_767
"""The most characters that a cell of XLSX can hold."""
CUT = " … (cut: a cell of this file holds no more; the CSV file has all of it)"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column of a file: its ``head``, and how its cells are read.

    ``field`` is a lookup of the queryset ("organisation__name"), or a function of the row. With functions the list
    reads whole rows, with ``RecordList.complete``. ``read`` converts the value to a text, number, day or moment.
    """

    head: str
    field: str | Callable
    read: Callable = lambda value: value
    width: int = 16


def exported(records, ending):
    """The response with all the rows of ``records`` (a ``RecordList``) as a file; ``ending``: "csv" or "xlsx"."""
    return {"csv": csv_file, "xlsx": xlsx_file}[ending](records)


def attachment(agreement, name, ending):
    """The response headers for a file named after the agreement and today's date."""
    day = f"{timezone.localdate():%Y-%m-%d}"
    return {"Content-Disposition": f'attachment; filename="{slugify(agreement.slug)}-{name}-{day}.{ending}"'}


def csv_file(records):
    """A CSV file that Excel reads; no cell is taken for a formula."""
    writer = csv.writer(_Echo())
    lines = chain([heads_of(records)], cells_of(records))
    body = chain([BYTE_ORDER_MARK], (writer.writerow(map(as_text, map(harmless, line))) for line in lines))
    headers = attachment(records.agreement, records.file_name, "csv")
    return StreamingHttpResponse(body, "text/csv; charset=utf-8", headers=headers)


def xlsx_file(records):
    """An Excel file: days and numbers have their types, texts stay texts, the head row is frozen and has filters."""
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        _write(book, records)
    file.seek(0)
    headers = attachment(records.agreement, records.file_name, "xlsx")
    return FileResponse(file, content_type=XLSX, headers=headers)


def heads_of(records):
    return [column.head for column in records.columns]


def cells_of(records):
    """The rows of a list as lists of cells, read ``READ_AT_ONCE`` at a time."""
    rows, fields = records.file_rows, [column.field for column in records.columns]
    reads = [column.read for column in records.columns]
    if isinstance(rows, QuerySet) and all(isinstance(field, str) for field in fields):
        values = rows.values_list(*fields).iterator(chunk_size=READ_AT_ONCE)
    else:
        values = _values_of(records, rows, fields)
    for row in values:
        yield [read(value) for read, value in zip(reads, row, strict=True)]


def _values_of(records, rows, fields):
    getters = [partial(_value_at, field.split("__")) if isinstance(field, str) else field for field in fields]
    found = iter(rows.iterator(chunk_size=READ_AT_ONCE) if isinstance(rows, QuerySet) else rows)
    while chunk := list(islice(found, READ_AT_ONCE)):
        records.complete(chunk)
        for row in chunk:
            yield [get(row) for get in getters]


def _value_at(names, row):
    """The value at the end of a chain of attributes; None where it breaks off."""
    for name in names:
        row = getattr(row, name) if row is not None else None
    return row


def _write(book, records):
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
    formats = {
        dt.datetime: book.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left"}),
        dt.date: book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
        dt.time: book.add_format({"num_format": "hh:mm", "align": "left"}),
    }
    for place, column in enumerate(records.columns):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, line in enumerate(chain([heads_of(records)], cells_of(records))):
        for place, cell in enumerate(line):
            _write_cell(sheet, number, place, cell, bold if number == 0 else formats.get(type(cell)))
    sheet.autofilter(0, 0, max(number, 1), max(len(records.columns) - 1, 0))


def _write_cell(sheet, row, place, cell, style):
    if isinstance(cell, dt.datetime):
        sheet.write_datetime(row, place, timezone.make_naive(cell) if timezone.is_aware(cell) else cell, style)
    elif isinstance(cell, dt.date | dt.time):
        sheet.write_datetime(row, place, cell, style)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, place, cell, style)
    elif text := as_text(cell):
        text = f"{text[: LONGEST_CELL - len(CUT)]}{CUT}" if len(text) > LONGEST_CELL else text
        sheet.write_string(row, place, text, style)


def as_text(cell):
    """A cell as text: days as 2026-05-12, moments in the site's time zone, times without seconds."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return f"{timezone.localtime(cell) if timezone.is_aware(cell) else cell:%Y-%m-%d %H:%M}"
    return f"{cell:%H:%M}" if isinstance(cell, dt.time) else str(cell)


def harmless(value):
    """A text that a spreadsheet would take for a formula, with an apostrophe in front; anything else as it is."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


class _Echo:
    """A file for ``csv.writer`` whose ``write`` returns the line."""

    def write(self, line):
        return line

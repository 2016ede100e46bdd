"""Lists of records: filters in the address, orders, pages, and files of the same rows.

An app declares each of its lists:

    class NoteList(RecordList):
        file_name, orders = "notes", {"title": ["title"], "-title": ["-title"]}
        q = words("Search", method="found")
        columns = [Column("Title", "title"), Column("Due", "due_on")]

        def all_rows(self):
            return Note.objects.visible_to(self.user).of(self.agreement)

        def found(self, rows, name, text):
            return rows.filter(title__icontains=text)

The page creates the list from its address (``NoteList(request.GET, user=…, agreement=…)``) and shows ``page`` and
``problems``; ``exported`` responds with the file. A malformed filter in the address is left out, and the page says so.
"""

from functools import cached_property

import django_filters as filters
from django import forms
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 10_000
"""Rows after these are not counted and are on no page."""


class CappedCount(Subquery):
    """How many rows there are, as a subquery that stops counting after ``MOST_COUNTED`` + 1."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk")[: MOST_COUNTED + 1])


def count_in_words(number):
    """A capped count as a list says it: "42", "none", "over 10,000"."""
    if not number:
        return "none"
    return f"{number:,}" if number <= MOST_COUNTED else f"over {MOST_COUNTED:,}"


def without_blanks(data):
    """The query of an address (a QueryDict) without empty values, which forms send too."""
    given = data.copy()
    for name, values in data.lists():
        given.setlist(name, [value for value in values if value])
    return given


def query_without(data, *names):
    """The query of an address (a QueryDict) as text, without ``names`` and without the page number."""
    rest = data.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest.urlencode()


class CappedPaginator(Paginator):
    """Pages of rows that are counted up to ``MOST_COUNTED``. ``counted`` is their number, where it is known already."""

    def __init__(self, rows, per_page, counted=None):
        super().__init__(rows, per_page)
        self.counted = counted

    @cached_property
    def found(self):
        """How many rows there are, at most ``MOST_COUNTED`` + 1."""
        if self.counted is not None:
            return self.counted
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self):
        """How many rows are on pages: at most ``MOST_COUNTED``."""
        return min(self.found, MOST_COUNTED)

    @property
    def count_in_words(self):
        return count_in_words(self.found)

    def page_called(self, text):
        """(page, problem): the page with the number ``text`` (or None), and a sentence if there is no such page."""
        problem = ""
        try:
            self.validate_number(text or 1)
        except PageNotAnInteger:
            problem = f"“{text[:40]}” is not a page number, so this is the first page."
        except EmptyPage:
            problem = f"There is no page {text[:40]}, so this is the last one, page {self.num_pages}."
        return self.get_page(text or 1), problem


class RecordList(filters.FilterSet):
    """One list of an agreement, as ``user`` may see it.

    ``orders``: {value of ``sort`` in the address: columns to order by}; the first one is the default. ``columns`` are
    those of its file, which is named after ``file_name``.
    """

    orders = {"": []}
    columns = []
    file_name = "list"
    per_page = 25
    controls = ()
    """The drop-downs of its filter bar: (label, the names of the filters in it)."""
    kept_names = ()
    """Filters that do not count as narrowing the list: the page offers no "Clear" for them alone."""

    class Meta:
        form = forms.Form

    def __init__(self, data, *, user, agreement):
        self.user, self.agreement = user, agreement
        super().__init__(without_blanks(data), self.all_rows())

    def all_rows(self):
        """The rows before filtering: a queryset."""
        raise NotImplementedError

    def complete(self, rows):
        """Add to ``rows``, a list, further values that the page and the file show."""

    @property
    def chosen(self):
        """{name of a filter: value} of the filters in the address that are well formed."""
        return {} if self.errors is None else {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def default_order(self):
        """The key of ``orders`` for an address without ``sort``."""
        return next(iter(self.orders))

    @property
    def sort(self):
        """The key of ``orders`` that applies."""
        return self.data["sort"] if self.data.get("sort") in self.orders else self.default_order

    @property
    def is_narrowed(self):
        """Whether any filter narrows the list."""
        return bool(self.chosen.keys() - {*self.kept_names})

    @property
    def rows(self):
        """The rows that pass the filters, in the chosen order and then by key, so that all pages agree."""
        return self.qs.order_by(*self.orders[self.sort], "pk")

    def names(self):
        """{filter: subquery of the name of its row}, for the filters that only links on other pages set."""
        return {}

    @property
    def file_rows(self):
        """``rows`` with further values that the file shows."""
        return self.rows

    @property
    def counted(self):
        """How many rows there are, where that is known already; else None."""
        return None

    @cached_property
    def _page(self):
        page, problem = CappedPaginator(self.rows, self.per_page, self.counted).page_called(self.data.get("page"))
        page.object_list = list(page.object_list)
        self.complete(page.object_list)
        return page, problem

    @property
    def page(self):
        """The page that the address asks for, with its rows read and completed."""
        return self._page[0]

    @property
    def problems(self):
        """A sentence for each parameter of the address that could not be used."""
        return [*self.filter_problems, *([self._page[1].replace("\0", "�")] if self._page[1] else [])]

    @property
    def filter_problems(self):
        """``problems`` without that of the page number."""
        found = [
            f"{self.form[name].label}: {str(error)[:160].rstrip('.')}, so this filter is left out."
            for name, errors in self.errors.items()
            for error in errors
        ]
        if self.data.get("sort") and self.data["sort"] not in self.orders:
            found.append(f"“{self.data['sort'][:40]}” is not an order of this list, so {self.usual_order}.")
        return [sentence.replace("\0", "�") for sentence in found]

    usual_order = "the usual one is used"
    """The end of the sentence about an unknown order in the address."""

    @property
    def query(self):
        """The query of the address without the page number, for the file of the same rows."""
        return query_without(self.data)

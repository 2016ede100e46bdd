"""Lists of records: filters in the address, orders, pages, and files of the same rows.

A room declares each of its lists:

    class NoteList(RecordList):
        file_name, orders = "notes", {"title": ["title"], "-title": ["-title"]}
        q = words("Search", method="found")
        columns = [Column("Title", "title"), Column("Due", "due_on")]

        def all_rows(self):
            return Note.objects.visible_to(self.user).of(self.agreement)

        def found(self, rows, name, text):
            return rows.filter(title__icontains=text)

Its page makes it of the address (``NoteList(request.GET, user=…, agreement=…)``) and shows ``page``, ``problems`` and
``figures``; ``exported`` answers with its file. What is malformed in the address filters nothing, and is said.
"""

from functools import cached_property

import django_filters as filters
from django import forms
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 10_000
"""Rows beyond these are not counted, and no page lies there."""


class CappedCount(Subquery):
    """How many rows there are, as a subquery that stops counting after ``MOST_COUNTED`` and one."""

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
    """The query of an address without what is empty: a form sends that too."""
    given = data.copy()
    for name, values in data.lists():
        given.setlist(name, [value for value in values if value])
    return given


def query_without(data, *names):
    """The query of an address (a QueryDict) without ``names``; the page is another one then."""
    rest = data.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest.urlencode()


class CappedPaginator(Paginator):
    """Pages of rows that are counted up to ``MOST_COUNTED``; ``counted`` where they are counted already."""

    def __init__(self, rows, per_page, counted=None):
        super().__init__(rows, per_page)
        self.counted = counted

    @cached_property
    def found(self):
        """How many rows there are, at most ``MOST_COUNTED`` and one."""
        if self.counted is not None:
            return self.counted
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self):
        """How many can be leafed through."""
        return min(self.found, MOST_COUNTED)

    @property
    def count_in_words(self):
        """How many there are, in words."""
        return count_in_words(self.found)

    def page_called(self, text):
        """(page, problem): that with the number in ``text`` (or None), and a sentence if there is none such."""
        problem = ""
        try:
            self.validate_number(text or 1)
        except PageNotAnInteger:
            problem = f"“{text[:40]}” is not a page number, so this is the first page."
        except EmptyPage:
            problem = f"There is no page {text[:40]}, so this is the last one, page {self.num_pages}."
        return self.get_page(text or 1), problem


class RecordList(filters.FilterSet):
    """One list of an agreement, as ``user`` may see it. ``orders``: {what may stand in ``sort``: columns}.

    The first order is that of an address without one. ``columns`` are those of its file, called ``file_name``.
    """

    orders = {"": []}
    columns = []
    file_name = "list"
    per_page = 25
    controls = ()
    """The drop-downs of its filter bar: (label, the names of the filters in it)."""
    kept_names = ()
    """Filters that do not narrow the list: an address may have them, and "Clear" is not offered."""

    class Meta:
        form = forms.Form

    def __init__(self, data, *, user, agreement):
        self.user, self.agreement = user, agreement
        super().__init__(without_blanks(data), self.all_rows())

    def all_rows(self):
        """The rows that there are to filter: a queryset."""
        raise NotImplementedError

    def complete(self, rows):
        """Read what the page and the file show besides, for a list of rows."""

    @property
    def chosen(self):
        """What was chosen and is well formed, by the names in the address."""
        return {} if self.errors is None else {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def default_order(self):
        """The order of an address that asks for none."""
        return next(iter(self.orders))

    @property
    def sort(self):
        """The key of ``orders`` that applies."""
        return self.data["sort"] if self.data.get("sort") in self.orders else self.default_order

    @property
    def is_narrowed(self):
        """Whether anything is filtered."""
        return bool(self.chosen.keys() - {*self.kept_names})

    @property
    def rows(self):
        """What the filters let through, in the order asked for, the same from page to page."""
        return self.qs.order_by(*self.orders[self.sort], "pk")

    def names(self):
        """Subqueries of the names of rows that a link of another page filters by, by their filter."""
        return {}

    @property
    def file_rows(self):
        """The same, with what the file says besides."""
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
        """The page that the address asks for: its rows are read, and complete."""
        return self._page[0]

    @property
    def problems(self):
        """A sentence for each parameter of the address that could not be used."""
        return [*self.filter_problems, *([self._page[1].replace("\0", "�")] if self._page[1] else [])]

    @property
    def filter_problems(self):
        """The same, but for the number of the page."""
        found = [
            f"{self.form[name].label}: {str(error)[:160].rstrip('.')}, so this filter is left out."
            for name, errors in self.errors.items()
            for error in errors
        ]
        if self.data.get("sort") and self.data["sort"] not in self.orders:
            found.append(f"“{self.data['sort'][:40]}” is not an order of this list, so {self.usual_order}.")
        return [sentence.replace("\0", "�") for sentence in found]

    usual_order = "the usual one is used"
    """What holds where the address asks for an order that there is not."""

    @property
    def query(self):
        """The query of the address, for the file of the same rows."""
        return query_without(self.data)

"""How many engagements there are, counted up to a cap, and the pages of their list."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import IntegerField, Subquery, Value

from partnership.agreement_years import AgreementYear, agreement_year
from partnership.models import Agreement
from records.keys import whole_number

MOST_COUNTED = 10_000
PER_PAGE = 25


class CappedCount(Subquery):
    """How many rows there are, as a subquery that stops counting after ``MOST_COUNTED`` and one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk")[: MOST_COUNTED + 1])


@dataclass(frozen=True)
class Figures:
    """What the list says about itself: how many were ``found`` of the ``total`` of these days, both capped."""

    found: int
    total: int
    year: AgreementYear | None
    """The agreement year of today, where the agreement has an effective date."""
    named: dict
    """The names of the person and the organisation filtered by, by their filter; None where there is none."""
    is_cut: bool
    """Whether a search found more than it brings, so that ``found`` are the newest of them."""
    keys: list
    """Those of the rows of the page that was asked for, if there is such a page."""

    @property
    def found_in_words(self):
        """ "42", "none", "over 10,000"."""
        return f"over {in_words(self.found)}" if self.is_cut else in_words(self.found)

    @property
    def all_in_words(self):
        """What a file of the list holds: "all 42", "all of them", "the newest 1,000", "the one in this list"."""
        if self.found == 1:
            return "the one in this list"
        if self.is_cut:
            return f"the newest {self.found:,}"
        return f"all {self.found:,}" if self.found <= MOST_COUNTED else "all of them"

    @property
    def total_in_words(self):
        """ "61", "over 10,000"."""
        return in_words(self.total)


def in_words(number):
    """A number as the list says it."""
    if not number:
        return "none"
    return f"{number:,}" if number <= MOST_COUNTED else f"over {MOST_COUNTED:,}"


def figures_of(filters, today, number) -> Figures:
    """The figures of a list (``EngagementFilter``), and what stands on its page ``number``, in one query."""
    agreement = Agreement.objects.filter(pk=filters.agreement.pk).with_effective_date()
    names = filters.names()
    rows = agreement.annotate(
        total=CappedCount(filters.rows_of_days),
        found=_found(filters),
        keys=ArraySubquery(_keys(filters, _number(number))),
        **names,
    )
    row = rows.values("effective_on", "total", "found", "keys", *names).get()
    year = agreement_year(row["effective_on"], today) if row["effective_on"] else None
    found = row["total"] if row["found"] is None else row["found"]
    return Figures(found, row["total"], year, {name: row[name] for name in names}, filters.is_cut, row["keys"])


def _found(filters):
    """How many the filters let through; NULL where that is all of these days, so that nothing is counted twice."""
    if filters.hits is not None:
        return Value(len(filters.hits.keys))
    return CappedCount(filters.qs) if filters.is_narrowed else Value(None, IntegerField())


def _keys(filters, number):
    """Those of the rows of a page, found alone: nothing that the list says is read of rows that are passed over."""
    return filters.rows.values("pk")[(number - 1) * PER_PAGE : number * PER_PAGE]


def _number(text):
    """The page that is likely meant: the first where ``text`` is no number of one."""
    number = whole_number(text or "") or 1
    return number if number <= MOST_COUNTED // PER_PAGE else 1


def page_of(filters, number, figures):
    """(page, problem): the page called ``number`` (a text or None), and a sentence if there is none such.

    No page lies beyond ``MOST_COUNTED`` rows.
    """
    paginator = Paginator(filters.rows, PER_PAGE)
    paginator.count = min(figures.found, MOST_COUNTED)
    problem = ""
    try:
        paginator.validate_number(number or 1)
    except PageNotAnInteger:
        problem = f"“{number[:40]}” is not a page number, so this is the first page."
    except EmptyPage:
        problem = f"There is no page {number[:40]}, so this is the last one, page {paginator.num_pages}."
    page = paginator.get_page(number or 1)
    is_read = page.number == _number(number)
    keys = figures.keys if is_read else [row["pk"] for row in _keys(filters, page.number)]
    page.object_list = filters.described(keys)
    return page, problem.replace("\0", "�")

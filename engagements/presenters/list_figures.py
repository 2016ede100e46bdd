"""How many engagements there are, counted up to a cap, and the pages of their list."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, Value

from pages.listing import MOST_COUNTED, CappedCount, CappedPaginator, RecordList, count_in_words
from partnership.agreement_years import AgreementYear, agreement_year
from partnership.models import Agreement
from records.keys import whole_number


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
        return f"over {count_in_words(self.found)}" if self.is_cut else count_in_words(self.found)

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
        return count_in_words(self.total)


def figures_of(filters, today, number) -> Figures:
    """The figures of a list (``EngagementList``), and what stands on its page ``number``, in one query."""
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
    return filters.rows.values("pk")[(number - 1) * filters.per_page : number * filters.per_page]


def _number(text):
    """The page that is likely meant: the first where ``text`` is no number of one."""
    number = whole_number(text or "") or 1
    return number if number <= MOST_COUNTED // RecordList.per_page else 1


def page_of(filters, number, figures):
    """(page, problem): the page called ``number`` (a text or None), and a sentence if there is none such."""
    paginator = CappedPaginator(filters.rows, filters.per_page, figures.found)
    page, problem = paginator.page_called(number)
    is_read = page.number == _number(number)
    keys = figures.keys if is_read else [row["pk"] for row in _keys(filters, page.number)]
    page.object_list = filters.described(keys)
    return page, problem.replace("\0", "�")

"""The numbers of engagements above the list, counted up to a cap, and the pages of the list."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, Value

from pages.listing import MOST_COUNTED, CappedCount, CappedPaginator, RecordList, count_in_words
from partnership.agreement_years import AgreementYear, agreement_year
from partnership.models import Agreement
from records.keys import whole_number


@dataclass(frozen=True)
class Figures:
    """The figures of the list: how many engagements were ``found`` of the ``total`` on these days, both capped."""

    found: int
    total: int
    year: AgreementYear | None
    """The present agreement year; None where the agreement has no effective date."""
    named: dict
    """{filter: name} of the person, organisation or committee filtered by; the name is None where there is none."""
    is_cut: bool
    """Whether a search found more than it returns, so that ``found`` counts only those returned."""
    keys: list
    """The keys of the rows on the page asked for; empty where there is no such page."""

    @property
    def found_in_words(self):
        """ "42", "none", "over 10,000"."""
        return f"over {count_in_words(self.found)}" if self.is_cut else count_in_words(self.found)

    @property
    def all_in_words(self):
        """The part that a file holds: "all 42", "all of them", "the newest 1,000", "the one in this list"."""
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
    """Return the figures of an ``EngagementList`` and the keys of page ``number`` (a text or None), in one query."""
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
    """The capped number of rows after all filters; NULL where only days are filtered, as ``total`` is the same then."""
    if filters.hits is not None:
        return Value(len(filters.hits.keys))
    return CappedCount(filters.qs) if filters.is_narrowed else Value(None, IntegerField())


def _keys(filters, number):
    """The keys of the rows on a page. A query of keys alone reads nothing else of the rows that it skips."""
    return filters.rows.values("pk")[(number - 1) * filters.per_page : number * filters.per_page]


def _number(text):
    """Return ``text`` as a page number, or 1 where it cannot be one."""
    number = whole_number(text or "") or 1
    return number if number <= MOST_COUNTED // RecordList.per_page else 1


def page_of(filters, number, figures):
    """Return (page, problem). ``problem`` is a sentence where there is no page ``number`` (a text or None), else ""."""
    paginator = CappedPaginator(filters.rows, filters.per_page, figures.found)
    page, problem = paginator.page_called(number)
    is_read = page.number == _number(number)
    keys = figures.keys if is_read else [row["pk"] for row in _keys(filters, page.number)]
    page.object_list = filters.described(keys)
    return page, problem.replace("\0", "�")

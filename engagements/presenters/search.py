"""Search for engagements by words in their texts, their decisions, and the names of participants and hosts."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Q, Value, When

from contacts.rules.names import is_title_or_honour
from engagements.models import Decision, EngagementHost, Participation
from engagements.queries import ENGLISH, EVERY_WORD, search_vector, with_plain_apostrophes

MOST_HITS = 1_000
"""The largest number of engagements that a search returns."""
MOST_READ = 5_000
"""The number of hits read from each source, to find the best and the newest among them."""
MOST_TERMS = 8
"""The number of terms that are searched for in decisions and names too. Others are searched for in texts alone."""
FEWEST_LETTERS = 3
"""The shortest text that the index of titles helps to find."""

NO_WORD_BEFORE, NO_WORD_AFTER = r"(^|\W)", r"(\W|$)"
TERM = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')
OR = re.compile(r" or ", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Hits:
    """The keys of the engagements found, the best first. ``is_cut``: there were more than ``MOST_HITS``."""

    keys: list
    is_cut: bool


@dataclass(frozen=True)
class SearchTerm:
    """A word, or a phrase in quotation marks. ``is_not``: a minus precedes it. ``is_last``: it may be incomplete."""

    text: str
    is_phrase: bool = False
    is_not: bool = False
    is_last: bool = False

    @property
    def words(self):
        """Its runs of letters and digits: "roll" and "out" for "roll-out"."""
        return WORD.findall(self.text)

    @property
    def query(self):
        """The search query: English forms and exact words; if ``is_last``, also words that begin with its last word."""
        if self.is_phrase:
            return _query(self.text, "phrase")
        found = _query(self.text) | _query(" ".join(self.words))
        if self.is_last and len(self.words[-1]) > 1:
            typed = "".join(f"'{word}' & " for word in self.words[:-1]) + f"'{self.words[-1]}':*"
            found |= SearchQuery(typed, config=EVERY_WORD, search_type="raw")
        return found


def terms_of(text):
    """Return a ``SearchTerm`` for each word and phrase of ``text`` that has a letter or a digit.

    A minus excludes a term only directly before a letter or a quotation mark, so not in "5 - 10 year outlook" or "-10";
    and only where there is also a term to search for.
    """
    terms = []
    for match in TERM.finditer(text):
        if match["word"] is None:
            terms.append(SearchTerm(match["phrase"], is_phrase=True, is_not=bool(match["minus"])))
        else:
            terms.append(SearchTerm(match["word"], is_not=bool(re.match(r"-[^\W\d_]", match["word"]))))
    terms = [term for term in terms if term.words]
    if all(term.is_not for term in terms):
        terms = [SearchTerm(term.text, term.is_phrase) for term in terms]
    if terms and not (terms[-1].is_phrase or terms[-1].is_not):
        terms[-1] = SearchTerm(terms[-1].text, is_last=True)
    return terms


def search(rows, text, *, agreement, user) -> Hits:
    """Return the ``Hits`` among ``rows`` for the words of ``text``, in one query.

    Titles equal to the text come first, then titles that begin with it, titles that hold it, and all others; within
    each group the newest come first. The words may be spread over the texts, decisions and names of one engagement;
    names count only as far as ``user`` may know who was there. Quotation marks keep words together, OR separates
    alternatives.

    Each source is read up to a cap and sorted afterwards: asked for the newest few at once, PostgreSQL would walk
    through all dates to find a rare word.
    """
    text = with_plain_apostrophes(" ".join(text.split()))
    alternatives = [terms for part in OR.split(text) if (terms := terms_of(part))]
    sources = [rows.filter(_has_all(terms, agreement, user)) for terms in alternatives]
    if len(text) >= FEWEST_LETTERS or not sources:
        sources.append(rows.filter(title__plain_regex=(NO_WORD_BEFORE, text, NO_WORD_AFTER)))
    rank, (first, *others) = _rank(text), (source.order_by()[:MOST_READ] for source in sources)
    if others:
        first, *others = (
            source.annotate(rank=rank).values_list("pk", "rank", "starts_on") for source in (first, *others)
        )
        found = first.union(*others)
    else:
        found = rows.filter(pk__in=first.values("pk")).annotate(rank=rank).values_list("pk")
    keys = [key for key, *_ in found.order_by("rank", "-starts_on", "-pk")[: MOST_HITS + 1]]
    return Hits(keys[:MOST_HITS], len(keys) > MOST_HITS)


def _rank(text):
    """0 for a title equal to ``text``, 1 for one that begins with it, 2 for one that holds it, else 3."""
    return Case(
        When(title__plain_regex=("^", text, "$"), then=Value(0)),
        When(title__plain_regex=("^", text, NO_WORD_AFTER), then=Value(1)),
        When(title__plain_regex=(NO_WORD_BEFORE, text, NO_WORD_AFTER), then=Value(2)),
        default=Value(3),
    )


def _has_all(terms, agreement, user):
    """Condition: an engagement has each of ``terms`` in its texts, decisions or names, and none of those after a minus.

    The hits in decisions and names are read into arrays first, so that PostgreSQL can combine the bitmaps of two
    indexes.
    """
    conditions = []
    for number, term in enumerate(terms):
        condition = Q(search=term.query)
        if number < MOST_TERMS:
            condition = reduce(or_, (Q(pk__any=keys) for keys in _elsewhere(term, agreement, user)), condition)
        conditions.append(~condition if term.is_not else condition)
    return reduce(and_, conditions)


def _elsewhere(term, agreement, user):
    """Subqueries for the keys of the engagements with ``term`` in a decision or a name: an array for each source."""
    decisions, hosts = Decision.objects.of(agreement), EngagementHost.objects.of(agreement)
    participations = Participation.objects.visible_to(user).of(agreement)
    sources = [
        decisions.annotate(words=search_vector("text")).filter(words=term.query),
        hosts.filter(_named(term, "organisation")),
        participations.filter(_named(term, "person")),
        participations.filter(_named(term, "organisation")),
    ]
    return [ArraySubquery(rows.order_by("-engagement").values("engagement")[:MOST_READ]) for rows in sources]


def _named(term, field):
    """Condition: a name of ``field`` ("person" or "organisation") has words that begin with the words of ``term``."""
    names = ["name", "short_name"] if field == "organisation" else ["name"]
    if field == "person" and is_title_or_honour(term.text):
        # Titles and honours need no index: few people have one.
        names += ["title", "honours"]
    words = [(NO_WORD_BEFORE, word, "") for word in ([term.text] if term.is_phrase else term.words)]
    return reduce(or_, (reduce(and_, (Q(**{f"{field}__{name}__folded_regex": w}) for w in words)) for name in names))


def _query(text, search_type="plain"):
    return SearchQuery(text, config=ENGLISH, search_type=search_type) | SearchQuery(
        text, config=EVERY_WORD, search_type=search_type
    )

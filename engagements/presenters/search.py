"""Finding engagements by words: in their texts and decisions, and by who was there and who hosted."""

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
"""How many engagements a search brings at most."""
MOST_READ = 5_000
"""How many hits of each source are looked at, to take the best and the newest of."""
MOST_TERMS = 8
"""How many terms are looked for in names too; the rest of a longer text is looked for in texts alone."""
FEWEST_LETTERS = 3
"""The shortest text that the index of titles helps to find."""

NO_WORD_BEFORE, NO_WORD_AFTER = r"(^|\W)", r"(\W|$)"
TERM = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')
OR = re.compile(r" or ", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Hits:
    """The keys of what a search found, the best first; ``is_cut`` if there were more than ``MOST_HITS``."""

    keys: list
    is_cut: bool


@dataclass(frozen=True)
class SearchTerm:
    """A word, or a phrase in quotation marks. ``is_not`` after a minus; ``is_last`` if it may still be being typed."""

    text: str
    is_phrase: bool = False
    is_not: bool = False
    is_last: bool = False

    @property
    def words(self):
        """Its runs of letters and digits: "roll", "out" of "roll-out"."""
        return WORD.findall(self.text)

    @property
    def query(self):
        """The text search for it: in its English forms, as it stands, and the last word by its beginning."""
        if self.is_phrase:
            return _query(self.text, "phrase")
        found = _query(self.text) | _query(" ".join(self.words))
        if self.is_last and len(self.words[-1]) > 1:
            typed = "".join(f"'{word}' & " for word in self.words[:-1]) + f"'{self.words[-1]}':*"
            found |= SearchQuery(typed, config=EVERY_WORD, search_type="raw")
        return found


def terms_of(text):
    """The ``SearchTerm`` of each word and phrase of ``text``, without what has no letter or digit.

    A minus excludes only directly before a letter or a quotation mark, and only beside something to look for: not in
    "5 - 10 year outlook", nor in "-10".
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
    """What of ``rows`` has the words of ``text``, in one query; of who was there, what ``user`` may know.

    A title that is the text comes first, then titles that hold it, then the newest. The words may be spread over the
    texts, decisions and names of one engagement; quotation marks keep words together, OR stands between alternatives.
    Each source is read up to a cap and sorted afterwards: asked for the newest few at once, PostgreSQL would walk all
    dates after a rare word.
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
    """0 for a title that is ``text``, 1 for one that begins with it, 2 for one that holds it, else 3."""
    return Case(
        When(title__plain_regex=("^", text, "$"), then=Value(0)),
        When(title__plain_regex=("^", text, NO_WORD_AFTER), then=Value(1)),
        When(title__plain_regex=(NO_WORD_BEFORE, text, NO_WORD_AFTER), then=Value(2)),
        default=Value(3),
    )


def _has_all(terms, agreement, user):
    """The condition that an engagement has each of ``terms`` in its texts, decisions or names, and none after a minus.

    What decisions and names hold is read into an array first: then PostgreSQL joins the bitmaps of two indexes.
    """
    conditions = []
    for number, term in enumerate(terms):
        condition = Q(search=term.query)
        if number < MOST_TERMS:
            condition = reduce(or_, (Q(pk__any=keys) for keys in _elsewhere(term, agreement, user)), condition)
        conditions.append(~condition if term.is_not else condition)
    return reduce(and_, conditions)


def _elsewhere(term, agreement, user):
    """The engagements with ``term`` in a decision or a name: an array for each source."""
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
    """The condition that the name of ``field`` ("person" or "organisation") has words that begin as those of a term."""
    names = ["name", "short_name"] if field == "organisation" else ["name"]
    if field == "person" and is_title_or_honour(term.text):
        # These have no index, and need none: few people have one.
        names += ["title", "honours"]
    words = [(NO_WORD_BEFORE, word, "") for word in ([term.text] if term.is_phrase else term.words)]
    return reduce(or_, (reduce(and_, (Q(**{f"{field}__{name}__folded_regex": w}) for w in words)) for name in names))


def _query(text, search_type="plain"):
    return SearchQuery(text, config=ENGLISH, search_type=search_type) | SearchQuery(
        text, config=EVERY_WORD, search_type=search_type
    )

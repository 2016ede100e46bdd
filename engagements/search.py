"""Finding engagements by words: in their texts and decisions, and by who was there and who hosted."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from engagements.models import Decision, EngagementHost, Participation
from engagements.queries import SEARCH_CONFIG

MOST_HITS = 1_000
"""How many engagements a search brings at most: the newest."""
MOST_READ = 5_000
"""How many hits of each source are looked at, to take the newest of."""


@dataclass(frozen=True)
class Hits:
    """The keys of what a search found, the newest first; ``is_cut`` if there were more than ``MOST_HITS``."""

    keys: list
    is_cut: bool


def search(rows, text, *, agreement, user) -> Hits:
    """What of ``rows`` holds the words of ``text``, in one query; of who was there, what ``user`` may know.

    Each source is read up to a cap and sorted afterwards: asked for the newest few at once, PostgreSQL would walk all
    dates after a rare word.
    """
    decisions, hosts = Decision.objects.of(agreement), EngagementHost.objects.of(agreement)
    participations = Participation.objects.visible_to(user).of(agreement)
    sources = [
        rows.found_by(text),
        rows.filter(pk__in=_keys(_saying(decisions, text))),
        rows.filter(pk__in=_keys(hosts.filter(_named(text, "organisation")))),
        rows.filter(pk__in=_keys(participations.filter(_named(text, "person")))),
        rows.filter(pk__in=_keys(participations.filter(_named(text, "organisation")))),
    ]
    first, *others = (source.order_by().values_list("pk", "starts_on")[:MOST_READ] for source in sources)
    found = first.union(*others).order_by("-starts_on", "-pk")[: MOST_HITS + 1]
    keys = [key for key, _ in found]
    return Hits(keys[:MOST_HITS], len(keys) > MOST_HITS)


def _keys(rows):
    """The engagements that ``rows`` belong to."""
    return rows.order_by().values("engagement")


def _saying(decisions, text):
    """Those of ``decisions`` that hold the words of ``text`` (web search syntax)."""
    query = SearchQuery(text, config=SEARCH_CONFIG, search_type="websearch")
    return decisions.annotate(words=SearchVector("text", config=SEARCH_CONFIG)).filter(words=query)


def _named(text, field):
    """The condition that the name of ``field`` ("person" or "organisation") has every word of ``text``."""
    condition = Q()
    for word in text.replace('"', " ").split():
        one = Q(**{f"{field}__name__folded_contains": word})
        if field == "organisation":
            one |= Q(organisation__short_name__folded_contains=word)
        condition &= one
    return condition or Q(pk=None)

"""The bar of filters above the list of engagements: what each control says, and the address without it. Pure."""

from dataclasses import dataclass

CONTROLS = [
    ("Kind", ["kind"]),
    ("Workstream", ["workstream"]),
    ("Host", ["host"]),
    ("State", ["status"]),
    ("Dates", ["from", "to"]),
    ("More", ["public", "lacks"]),
]
"""(label, names in the address)."""


@dataclass(frozen=True)
class Control:
    """One drop-down: its ``label``, the ``fields`` in it, what was chosen in words, and the query without it."""

    label: str
    fields: list
    text: str
    without: str

    @property
    def key(self):
        """A name for it in the page."""
        return self.label.lower()


def controls_of(filters, year, without=()):
    """The controls of the bar of an ``EngagementFilter``, in order; ``year`` is the agreement year now, or None.

    ``without``: labels of those that a page has no use for.
    """
    return [_control(filters, label, names, year) for label, names in CONTROLS if label not in without]


def _control(filters, label, names, year):
    fields = [filters.form[name] for name in names]
    return Control(label, fields, _chosen(filters, names, year), query_without(filters.data, *names))


def query_without(data, *names):
    """The query of an address (a QueryDict) without ``names``; the page is another one then."""
    rest = data.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest.urlencode()


def without_blanks(data):
    """The query of an address without what is empty: a form sends that too."""
    given = data.copy()
    for name, values in data.lists():
        given.setlist(name, [value for value in values if value])
    return given


def _chosen(filters, names, year):
    """What was chosen under ``names``, in words; "" for nothing."""
    if "from" in names:
        return filters.period_in_words(year)
    words = []
    for name in names:
        chosen = filters.chosen.get(name, [])
        labels = dict(filters.form.fields[name].choices)
        words += [labels[key] for key in (chosen if isinstance(chosen, list) else [chosen])]
    return ", ".join(words)

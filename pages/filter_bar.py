"""The bar of filters above a list: what each control says, and the address without it. Pure."""

from dataclasses import dataclass

from pages.listing import query_without


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


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that only links set: its ``name`` and ``value`` in the address, the ``text`` that it goes by, and the
    query without it. Without ``text`` there is nobody of that kind here.
    """

    name: str
    value: int
    text: str
    without: str

    @property
    def trouble(self):
        """What is wrong with one that goes by no name."""
        return f"The {self.name} filtered by is not in the contacts of this agreement."


def marks_of(filters, named):
    """The filters on that ``named`` gives the names of, if there are any; see ``RecordList.names``."""
    return [
        ActiveFilter(name, filters.chosen[name], text or "", query_without(filters.data, name))
        for name, text in named.items()
        if name in filters.chosen
    ]


def controls_of(filters, year, without=()):
    """The controls of the bar of a list (``RecordList.controls``), in order; ``year`` is the agreement year, or None.

    ``without``: labels of those that a page has no use for.
    """
    return [_control(filters, label, names, year) for label, names in filters.controls if label not in without]


def _control(filters, label, names, year):
    fields = [filters.form[name] for name in names]
    return Control(label, fields, _chosen(filters, names, year), query_without(filters.data, *names))


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

"""The bar of filters above a list: the text of each control, and the address without it. Pure."""

from dataclasses import dataclass

from pages.listing import query_without


@dataclass(frozen=True)
class Control:
    """One drop-down: its ``label``, its ``fields``, the choice in words (``text``), and the query ``without`` it."""

    label: str
    fields: list
    text: str
    without: str

    @property
    def key(self):
        return self.label.lower()


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that only links set: its ``name`` and ``value`` in the address, the name of its row as ``text``, and the
    query ``without`` it. ``text`` is empty where this agreement has no such row.
    """

    name: str
    value: int
    text: str
    without: str

    @property
    def trouble(self):
        """The message for a filter without ``text``."""
        return f"The {self.name} filtered by is not in the contacts of this agreement."


def active_filters(filters, named):
    """An ``ActiveFilter`` for each chosen one of ``named``: {filter: name or None}; see ``RecordList.names``."""
    return [
        ActiveFilter(name, filters.chosen[name], text or "", query_without(filters.data, name))
        for name, text in named.items()
        if name in filters.chosen
    ]


def controls_of(filters, year, without=()):
    """The controls of the bar of a list (``RecordList.controls``), in order; ``year`` is the agreement year, or None.

    ``without``: labels of the controls that the page leaves out.
    """
    return [_control(filters, label, names, year) for label, names in filters.controls if label not in without]


def _control(filters, label, names, year):
    fields = [filters.form[name] for name in names]
    return Control(label, fields, _chosen(filters, names, year), query_without(filters.data, *names))


def _chosen(filters, names, year):
    """The choices of the filters ``names``, in words; "" for none."""
    if "from" in names:
        return filters.period_in_words(year)
    words = []
    for name in names:
        chosen = filters.chosen.get(name, [])
        labels = dict(filters.form.fields[name].choices)
        words += [labels[key] for key in (chosen if isinstance(chosen, list) else [chosen])]
    return ", ".join(words)

"""Tiles: figures, each with a comparison or an explanation, and a link to its rows."""

from dataclasses import dataclass

from dashboards.widgets.trend import NO_TREND, Trend, changing, rising
from pages.words import day_in_words

NONE_MEASURED, NONE_OVERDUE = "none can be measured yet", "none is overdue"


@dataclass(frozen=True)
class Tile:
    """The data of templates/elements/tile.html: a figure, words beside it, and a state with a word.

    ``of`` may lead to ``of_count`` rows of its own. Below there is room for one of ``trend``, a bar of ``percent``, and
    a line of words (``note``).
    """

    label: str
    figure: int
    url: str
    of: str = ""
    state: str = "quiet"
    word: str = ""
    of_url: str = ""
    of_count: int | None = None
    trend: Trend = NO_TREND
    percent: int | None = None
    note: str = ""


def tiles_of(board):
    """The tiles of a ``Board``."""
    held = rising(board.period, board.of_months, board.today, _plan(board))
    return [
        _held_and_plan(board.table.total.count, board, held),
        _reached(board.reached, board),
        _open(board.actions, board),
        _promised(board.tally, board.links["kept"]),
    ]


def _held_and_plan(number, board, trend):
    """The engagements held, compared with the plan where there is one."""
    against = board.against_plan
    if against is None:
        return _held(number, board, trend)
    of = f"of {board.plan.total:,} in the plan"
    return Tile("Engagements held", number, board.links["held"], of, against.chip, against.words, trend=trend)


def _plan(board):
    """How many engagements the plan has in each month, if there is one."""
    return board.chart.get("plan", {}).get("counts")


def _reached(reached, board):
    councils, links = reached["councils"], board.links
    of = f"of them {councils:,} council{'' if councils == 1 else 's'}" if councils else "no council yet"
    return Tile(
        "Organisations reached",
        reached["organisations"],
        links["reached"],
        of,
        word="hosted or came" + (", except under the Chatham House Rule" if reached["hides_some"] else ""),
        of_url=links["councils"] if councils else "",
        of_count=councils,
        trend=rising(board.period, reached["by_month"], board.today),
    )


def _open(actions, board):
    """The open actions, how many of them are overdue, and how late the oldest is."""
    url, trend = board.links["open"], changing(board.period, actions["by_month"], board.today)
    if not actions["overdue"]:
        word = _due(actions["next_due"], board.today) or NONE_OVERDUE
        return Tile("Actions open", actions["open"], url, word=word, trend=trend)
    of = f"{actions['overdue']:,} overdue"
    days = (board.today - actions["oldest_due"]).days
    overdue = {"of_url": board.links["overdue"], "of_count": actions["overdue"]}
    return Tile("Actions open", actions["open"], url, of, "bad", _oldest(days), trend=trend, **overdue)


def _promised(tally, url, nothing=NONE_MEASURED):
    """The commitments on course. There is no trend: "late" depends on past days' plans, which are not recorded."""
    label, of = "Commitments on course", f"of {tally.measured:,}"
    parts = [f"{number:,} {name}" for name, number in (("late", tally.late), ("slipping", tally.slipping)) if number]
    if not tally.measured:
        return Tile(label, 0, url, word=nothing)
    share = {"percent": 100 * tally.kept // tally.measured}
    if not parts:
        return Tile(label, tally.kept, url, of, "good", "none is slipping", **share)
    return Tile(label, tally.kept, url, of, "bad" if tally.late else "warn", ", ".join(parts), **share)


def tiles_of_stream(board):
    """The tiles of a ``StreamBoard``."""
    return [
        _held(board.table.total.count, board, rising(board.period, board.of_months, board.today)),
        _coming(board.workstream.coming_count, board),
        _open(board.actions, board),
        _promised(board.tally, board.links["kept"], nothing=NONE_MEASURED if board.commitments else "none is about it"),
    ]


def tiles_of_organisation(board):
    """The tiles of an ``OrganisationBoard``."""
    numbers = board.numbers
    held = Tile(
        "Engagements held",
        numbers.held,
        board.links["held"],
        f"{numbers.hosted:,} hosted" if numbers.hosted else board.since,
        word=f"last on {day_in_words(numbers.last, board.today)}" if numbers.last else "",
        of_url=board.links["hosted"] if numbers.hosted else "",
        of_count=numbers.hosted,
        trend=rising(board.period, board.of_months, board.today),
    )
    is_party = board.organisation.party
    last = _promised(board.tally, board.links["kept"]) if is_party else _people(board)
    return [held, _coming(numbers.coming, board), _open_of_organisation(board), last]


def _open_of_organisation(board):
    """The open actions of it and its people. The due day is that of the first one in the list on the page."""
    first = board.open_actions[0] if board.open_actions else None
    note, url, overdue = first.title if first else "", board.links["open"], board.numbers.overdue
    if not overdue:
        word = _due(first and first.due_on, board.today) or NONE_OVERDUE
        return Tile("Actions open", board.numbers.open, url, word=word, note=note)
    word = _oldest(first.days_late(board.today))
    over = {"of": f"{overdue:,} overdue", "of_url": board.links["overdue"], "of_count": overdue}
    return Tile("Actions open", board.numbers.open, url, state="bad", word=word, note=note, **over)


def _people(board):
    """The number of its people in the contacts, and how many of them came."""
    came, first = board.numbers.came, board.people[0] if board.people else None
    word = f"{came:,} came" if came else "nobody came"
    note = f"Most often: {first.name}" if first and first.times_came else ""
    word = f"{word} {board.since}" if board.asked else word + ("" if came else " yet")
    return Tile(
        "People", board.organisation.people_count, board.links["people"], "in the contacts", word=word, note=note
    )


def _coming(number, board):
    """The planned and confirmed engagements, with the day and the title of the next."""
    word = f"next on {day_in_words(board.next[0].starts_on, board.today)}" if board.next else "nothing is planned"
    note = board.next[0].title if board.next else ""
    return Tile("Still to come", number, board.links["coming"], "planned or confirmed", word=word, note=note)


def _held(number, board, trend=NO_TREND):
    last = f"last on {day_in_words(board.latest[0].starts_on, board.today)}" if board.latest else ""
    return Tile(
        "Engagements held", number, board.links["held"], of=board.period.in_words(board.today), word=last, trend=trend
    )


def _due(day, today):
    return f"next due {day_in_words(day, today)}" if day else ""


def _oldest(days):
    return f"oldest {days} day{'' if days == 1 else 's'} late"

"""Four figures, each with what it is measured against or means, and where it leads."""

from dataclasses import dataclass

from engagements.words import day_in_words


@dataclass(frozen=True)
class Tile:
    """What templates/elements/tile.html shows: a figure, words beside it, and a state in a word."""

    label: str
    figure: int
    url: str
    of: str = ""
    state: str = "quiet"
    word: str = ""


def tiles_of(board):
    """The tiles of a ``Board``."""
    actions, links, reached = board.actions, board.links, board.reached
    oldest = (board.today - actions["oldest_due"]).days if actions["oldest_due"] else 0
    return [
        _held_and_plan(board.table.total.count, board),
        Tile("Organisations reached", reached["organisations"], links["reached"], word=_councils(reached["councils"])),
        _open(actions, links["open"], oldest, board.today),
        _promised(board.tally, links["kept"]),
    ]


def _held_and_plan(number, board):
    """What was held against the plan, where there is one to compare with."""
    against = board.against_plan
    if against is None:
        return _held(number, board)
    of = f"of {board.plan.total:,} in the plan"
    return Tile("Engagements held", number, board.links["held"], of, against.chip, against.words)


def _open(actions, url, days, today):
    """``days``: how late the oldest is."""
    if not actions["overdue"]:
        return Tile("Actions open", actions["open"], url, word=_due(actions["next_due"], today))
    return Tile("Actions open", actions["open"], url, f"{actions['overdue']:,} overdue", "bad", _oldest(days))


def _promised(tally, url):
    label, of = "Commitments on course", f"of {tally.measured:,}"
    parts = [f"{number:,} {name}" for name, number in (("late", tally.late), ("slipping", tally.slipping)) if number]
    if not tally.measured:
        return Tile(label, 0, url, of, word="none can be measured yet")
    if not parts:
        return Tile(label, tally.kept, url, of, "good", "none is slipping")
    return Tile(label, tally.kept, url, of, "bad" if tally.late else "warn", ", ".join(parts))


def tiles_of_stream(board):
    """The tiles of a ``StreamBoard``."""
    stream, links, today = board.workstream, board.links, board.today
    coming = f"next on {day_in_words(board.next[0].starts_on, today)}" if board.next else ""
    due = next((action.due_on for action in board.actions if action.due_on and action.due_on >= today), None)
    oldest = board.actions[0].days_late(today) if board.actions else 0
    return [
        _held(stream.held_count, board),
        Tile("Still to come", stream.coming_count, links["coming"], word=coming),
        Tile("Actions open", stream.open_count, links["open"], word=_due(due, today)),
        _overdue(stream.overdue_count, stream.open_count, links["overdue"], oldest),
    ]


def _held(number, board):
    last = f"last on {day_in_words(board.latest[0].starts_on, board.today)}" if board.latest else ""
    return Tile("Engagements held", number, board.links["held"], of=board.period.in_words(board.today), word=last)


def _councils(number):
    return f"{number:,} are councils" if number > 1 else f"{number or 'none'} is a council"


def _due(day, today):
    return f"next due {day_in_words(day, today)}" if day else ""


def _overdue(number, of, url, days):
    """``days``: how late the oldest is."""
    if not number:
        return Tile("Actions overdue", 0, url, f"of {of:,} open", "good", "none is late")
    return Tile("Actions overdue", number, url, f"of {of:,} open", "bad", _oldest(days))


def _oldest(days):
    return f"oldest {days} day{'' if days == 1 else 's'} late"

"""Row locks, taken in one order (docs/decisions/0039): the whole before its parts, and reminders last.

They are FOR NO KEY UPDATE, with which others may still point at the row: a reminder that is planned waits for nobody.
"""


class DeletedMeanwhileError(Exception):
    """A row was deleted between the moment when somebody opened it and the moment when they saved it."""

    def __init__(self, what="record"):
        self.what = what
        super().__init__(f"This {what} was deleted while you had it open.")


def locked(rows):
    """The rows of a queryset, locked until the transaction ends."""
    return rows.select_for_update(of=("self",), no_key=True)


def lock(model, pk):
    """The row with this key as it is stored, locked until the transaction ends. DeletedMeanwhileError without one."""
    row = locked(model._base_manager.filter(pk=pk)).first()
    if row is None:
        raise DeletedMeanwhileError(model._meta.verbose_name)
    return row

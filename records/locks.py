"""Row locks, taken in one order (docs/decisions/0039): the whole before its parts, and reminders last.

They are FOR NO KEY UPDATE, which lets others save rows that refer to the locked row: planning a reminder does not wait.
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


def lock_whole(rows):
    """Lock the row that the first of ``rows`` is a part of, if any; ``part_of`` of the model names the foreign key."""
    if not hasattr(rows.model, "part_of"):
        return
    link = rows.model._meta.get_field(rows.model.part_of)
    whole = rows.values_list(link.attname, flat=True).first()
    if whole:
        lock_with_whole(link.related_model, whole)


def lock_with_whole(model, pk):
    """As ``lock``, but first lock the row that this one is a part of."""
    lock_whole(model._base_manager.filter(pk=pk))
    return lock(model, pk)


def lock_all(rows):
    """The rows of a queryset, locked in the order of their keys."""
    return list(locked(rows).order_by("pk"))

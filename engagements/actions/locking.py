"""The order in which an engagement and its series are locked."""

from engagements.models import Engagement, Series
from records.locks import DeletedMeanwhileError, lock, locked


def lock_engagement(pk):
    """Lock the series of an engagement, if it has one, and then the engagement. Returns it as it is stored.

    DeletedMeanwhileError if it is not there any more.
    """
    series = Engagement.objects.filter(pk=pk).values_list("series", flat=True).first()
    if series:
        lock_series(series)
    return lock(Engagement, pk)


def lock_series(pk):
    """The series as it is stored, locked. DeletedMeanwhileError if it, or what was in it, is not there any more."""
    if pk is None:
        raise DeletedMeanwhileError("series")
    return lock(Series, pk)


def lock_all(rows):
    """The engagements of a queryset, locked in the order of their keys."""
    return list(locked(rows).order_by("pk"))

"""Looks up the engagement that an address names."""

from engagements.models import Engagement
from pages.finding import find


def find_engagement(request, pk):
    """Return the engagement with this key and its agreement; locks and raises as ``find`` does."""
    return find(request, Engagement.objects.select_related("agreement"), pk=pk)

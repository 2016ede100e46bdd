"""Finding the engagement that an address names."""

from engagements.models import Engagement
from pages.finding import find


def find_engagement(request, pk):
    """The engagement with this key, with its agreement; see ``find``."""
    return find(request, Engagement.objects.select_related("agreement"), pk=pk)

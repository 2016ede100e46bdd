"""Models of committees, series and engagements, with their people, outcomes, papers and calendar feeds."""

from engagements.models.committee import Committee, Seat
from engagements.models.engagement import Engagement, EngagementHost, EngagementWorkstream
from engagements.models.feed import Feed, FeedReading
from engagements.models.outcomes import Action, Decision
from engagements.models.papers import Document, Note
from engagements.models.participation import Participation
from engagements.models.series import Series, SeriesHost, SeriesPerson, SeriesWorkstream

__all__ = [
    "Action",
    "Committee",
    "Decision",
    "Document",
    "Engagement",
    "EngagementHost",
    "EngagementWorkstream",
    "Feed",
    "FeedReading",
    "Note",
    "Participation",
    "Seat",
    "Series",
    "SeriesHost",
    "SeriesPerson",
    "SeriesWorkstream",
]

"""Django admin of this app. Saving and deleting go through the operations, as on the site's pages."""

from engagements.admin.actions import ActionAdmin
from engagements.admin.committees import CommitteeAdmin
from engagements.admin.engagements import EngagementAdmin
from engagements.admin.feeds import FeedAdmin
from engagements.admin.papers import DocumentAdmin, NoteAdmin
from engagements.admin.series import SeriesAdmin

__all__ = [
    "ActionAdmin",
    "CommitteeAdmin",
    "DocumentAdmin",
    "EngagementAdmin",
    "FeedAdmin",
    "NoteAdmin",
    "SeriesAdmin",
]

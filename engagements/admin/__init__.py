"""The room of engagements in Django admin. What is saved or deleted here goes through the verbs, as on the pages."""

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

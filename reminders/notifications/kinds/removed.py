"""Somebody is no longer invited to an engagement."""

from reminders.notification_types import NotificationType, register
from reminders.notifications.notices import write
from reminders.planning.engagement_sql import IF_REMOVED

register(
    NotificationType(
        kind="removed",
        label="No longer invited",
        position=120,
        topic="invitations",
        leads=2,
        target="engagement",
        is_notice=True,
        count_label="told that they are not invited any more",
        reason=IF_REMOVED,
        write=write,
    )
)

"""Somebody is invited to an engagement, or it takes place after all."""

from reminders.notification_types import NotificationType, register
from reminders.notifications.notices import write
from reminders.planning.engagement_sql import IF_ON

register(
    NotificationType(
        kind="invitation",
        label="Invitation",
        position=90,
        topic="invitations",
        leads=4,
        target="engagement",
        is_notice=True,
        count_label="invited",
        reason=IF_ON,
        write=write,
    )
)

"""An engagement is cancelled. For a deleted one, the stored email is sent (``deliveries.targets.deleted``)."""

from reminders.notification_types import NotificationType, register
from reminders.notifications.notices import write
from reminders.planning.engagement_sql import IF_OFF

register(
    NotificationType(
        kind="cancelled",
        label="It was called off",
        position=110,
        topic="invitations",
        leads=1,
        target="engagement",
        is_notice=True,
        count_label="told that it is off",
        reason=IF_OFF,
        write=write,
    )
)

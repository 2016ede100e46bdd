"""The date, the time or the place of an engagement has changed."""

from reminders.notification_types import NotificationType, register
from reminders.notifications.notices import write
from reminders.planning.engagement_sql import IF_ON_WHOEVER_DECLINED

register(
    NotificationType(
        kind="moved",
        label="It was moved",
        position=100,
        topic="invitations",
        leads=3,
        target="engagement",
        is_notice=True,
        count_label="told of a change",
        reason=IF_ON_WHOEVER_DECLINED,
        write=write,
    )
)

"""What people choose by: all that they can be told, in their own words. Each kind of notification is in one topic."""

from dataclasses import dataclass

from reminders import notification_types


@dataclass(frozen=True)
class Topic:
    """Some kinds of notifications, in the words of their readers. ``name`` is the field of ``Preference``."""

    name: str
    label: str
    about: str

    @property
    def opted_out(self):
        """Why a thing of this topic does not go to somebody who wants none of it."""
        return f"opted out of {self.label[:1].lower()}{self.label[1:]}"

    @property
    def kinds(self):
        """The kinds of notification in it."""
        return tuple(one.kind for one in notification_types.all_types() if one.topic == self.name)


TOPICS = (
    Topic("meetings", "Reminders of meetings", "Some days before a meeting that you take part in."),
    Topic(
        "invitations",
        "Invitations and changes",
        "When you are invited, and when that meeting is moved or called off, or your name is taken off it.",
    ),
    Topic("replies", "Replies that you owe", "When you have not said whether you come."),
    Topic("papers", "Papers", "When papers for a meeting are due from you."),
    Topic("actions", "Your actions", "When you are given an action, before it is due, and while it is late."),
    Topic("records", "Records of meetings", "The record of a meeting that you were at."),
    Topic("lacking", "Records to complete", "When a record of yours lacks something."),
    Topic(
        "progress",
        "How the agreement goes",
        "When a promise slips, when nothing was held for long, and before the agreement's own dates.",
    ),
)

BY_NAME = {topic.name: topic for topic in TOPICS}


def topic_of(kind) -> Topic:
    """The topic that a kind of notification is in. KeyError where there is no such kind."""
    return BY_NAME[notification_types.type_of(kind).topic]

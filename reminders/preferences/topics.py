"""Topics: the groups of notifications that people choose among. Each kind of notification is in one topic."""

from dataclasses import dataclass

from reminders import notification_types


@dataclass(frozen=True)
class Topic:
    """Some kinds of notification, in their readers' words. ``name`` is the field of ``Preference``."""

    name: str
    label: str
    about: str

    @property
    def opted_out(self):
        """The reason why a delivery of this topic is not sent to a person who wants none."""
        return f"opted out of {self.label[:1].lower()}{self.label[1:]}"

    @property
    def kinds(self):
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
    """Return the topic of a kind of notification. Raises KeyError where there is no such kind."""
    return BY_NAME[notification_types.type_of(kind).topic]

"""Who is told what, when, once. The rules are in docs/reminders.md."""

from reminders.models.deliveries import TARGET_FIELDS, WITHOUT_STEP, Delivery, Farewell, Kind, Message
from reminders.models.people import BadAddress, Preference
from reminders.models.rules import About, Audience, Rule, Step, lead_of, participants
from reminders.models.workers import Heartbeat, Quota, Receipt, Tally, Touched

__all__ = [
    "TARGET_FIELDS",
    "WITHOUT_STEP",
    "About",
    "Audience",
    "BadAddress",
    "Delivery",
    "Farewell",
    "Heartbeat",
    "Kind",
    "Message",
    "Preference",
    "Quota",
    "Receipt",
    "Rule",
    "Step",
    "Tally",
    "Touched",
    "lead_of",
    "participants",
]

"""Models of rules, deliveries and people's choices. The rules are described in docs/reminders.md."""

from reminders.models.deliveries import TARGET_FIELDS, WITHOUT_STEP, CancellationNotice, Delivery, Kind
from reminders.models.people import Preference
from reminders.models.rules import Audience, Rule, RuleKind, Step, lead_of, participants
from reminders.models.workers import ReplanRequest

__all__ = [
    "TARGET_FIELDS",
    "WITHOUT_STEP",
    "Audience",
    "CancellationNotice",
    "Delivery",
    "Kind",
    "Preference",
    "ReplanRequest",
    "Rule",
    "RuleKind",
    "Step",
    "lead_of",
    "participants",
]

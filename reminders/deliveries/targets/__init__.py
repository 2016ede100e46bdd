"""The targets of deliveries, by the foreign key of ``Delivery`` that is set; ``gone`` is for deleted targets."""

from reminders.deliveries.targets.deleted import DELETED
from reminders.deliveries.targets.engagements import ENGAGEMENTS
from reminders.deliveries.targets.rows import ACTIONS, COMMITMENTS, DATES, WORKSTREAMS

TARGETS = {one.name: one for one in (ENGAGEMENTS, ACTIONS, COMMITMENTS, WORKSTREAMS, DATES, DELETED)}

"""What deliveries are about, by the link of ``Delivery`` that is set; of what was deleted none is (``gone``)."""

from reminders.deliveries.targets.deleted import DELETED
from reminders.deliveries.targets.engagements import ENGAGEMENTS
from reminders.deliveries.targets.rows import ACTIONS, COMMITMENTS, DATES, WORKSTREAMS

TARGETS = {one.name: one for one in (ENGAGEMENTS, ACTIONS, COMMITMENTS, WORKSTREAMS, DATES, DELETED)}

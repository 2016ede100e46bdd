"""Changes to an engagement about which people may be notified."""

from dataclasses import dataclass
from uuid import UUID

from contacts.models import Person
from engagements.models import Engagement

PLACE_FIELDS = ("mode", "venue", "joining_link")


@dataclass(frozen=True)
class EngagementChange:
    """A change to an engagement: people added or removed, moved, cancelled or reinstated.

    ``added``, ``removed`` and ``uninvited`` are sets of ids of people. ``uninvited`` were added too, but are not
    notified. ``by`` made the change and is not notified either. Without ``notify`` nobody is: the change is only
    recorded. Changes to several dates with the same ``batch_id`` are sent in one email. ``is_moved`` means a new time
    or place; ``before`` is then the engagement as it was.
    """

    by: Person | None = None
    notify: bool = True
    added: frozenset = frozenset()
    removed: frozenset = frozenset()
    uninvited: frozenset = frozenset()
    is_moved: bool = False
    is_off: bool = False
    is_on: bool = False
    batch_id: UUID | None = None
    before: Engagement | None = None

    @property
    def concerns_all(self):
        """Whether the change concerns everybody who takes part."""
        return self.is_moved or self.is_off or self.is_on

    def __bool__(self):
        return bool(self.concerns_all or self.added or self.removed)

"""What a saving changed of which those who take part may want to hear."""

from dataclasses import dataclass
from uuid import UUID

from contacts.models import Person
from engagements.models import Engagement

PLACE_FIELDS = ("mode", "venue", "joining_link")


@dataclass(frozen=True)
class EngagementChange:
    """What changed: people (their ids) were added or removed, it was moved, it is off, or it is on again.

    ``uninvited`` were added too, and are not notified. ``by`` made the change and is not notified either. Without
    ``notify`` nobody is: the change is only recorded. Changes to many dates of a series at once share a ``batch_id``
    and go in one email. Of a move, ``before`` is the engagement as it was.
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
        """Whether it is news for all who take part."""
        return self.is_moved or self.is_off or self.is_on

    def __bool__(self):
        return bool(self.concerns_all or self.added or self.removed)

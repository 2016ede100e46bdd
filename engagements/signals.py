"""What this room tells the rooms above. Receivers write rows in the sender's transaction and nothing else."""

from django.dispatch import Signal

engagement_saved = Signal()
"""Sent with ``engagement`` after it, its time, its status or who takes part changed; with ``change`` (an
``EngagementChange``) where people did that, so that those concerned can be told."""

engagement_deleting = Signal()
"""Sent with ``engagement`` before it is deleted; with ``change`` of who does it, and whether anybody is to be told."""

actions_given = Signal()
"""Sent with ``actions`` after they got a person as a new owner, and with ``change`` as above."""

actions_changed = Signal()
"""Sent with the ``keys`` of actions that were changed in the database, and not by saving each: done, or open again."""

emails_asked_for = Signal()
"""Sent with ``keys``, as they were noted while something was saved (see ``emails``). A receiver whose app emails people
returns an ``Email`` for each that will go.
"""

"""Signals of this app to the apps above. Receivers write rows in the sender's transaction and do nothing else."""

from django.dispatch import Signal

engagement_saved = Signal()
"""Sent with ``engagement`` after it, its time, its status or the people who take part changed.

Where people may have to be notified, ``change`` (an ``EngagementChange``) describes the change.
"""

engagement_deleting = Signal()
"""Sent with ``engagement`` before it is deleted; ``change`` says who deletes it and whether to notify people."""

actions_given = Signal()
"""Sent with ``actions`` after a person became their new owner, and with ``change`` as above."""

actions_changed = Signal()
"""Sent with the ``keys`` of actions that an UPDATE changed without ``save()``: done, or with other progress."""

emails_asked_for = Signal()
"""Sent with the ``keys`` noted while something was saved (see ``presenters.email_notices``).

A receiver whose app emails people returns an ``Email`` for each that will be sent.
"""

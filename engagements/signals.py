"""What this room tells the rooms above. Receivers write rows in the sender's transaction and nothing else."""

from django.dispatch import Signal

engagement_saved = Signal()
"""Sent with ``engagement`` after it, its time, its status or who takes part changed."""

engagement_deleting = Signal()
"""Sent with ``engagement`` before it is deleted."""

page_asked_for = Signal()
"""Sent with ``request`` and what its address names before a page is drawn or taken as it was kept (see ``kept``).

A receiver whose room has a panel there made of rows that raise no version returns all that the panel follows from.
"""

"""What this room tells the rooms above. Receivers write rows in the sender's transaction and nothing else."""

from django.dispatch import Signal

engagement_saved = Signal()
"""Sent with ``engagement`` after it, its time, its status or who takes part changed."""

engagement_deleting = Signal()
"""Sent with ``engagement`` before it is deleted."""

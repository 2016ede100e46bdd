"""Verbs of engagements. Each takes ``by``, the user who acts (None: nobody in particular, as the demo does)."""

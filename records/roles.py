"""The roles of memberships."""

from django.db import models


class Role(models.TextChoices):
    """Each role may do what the one before it may."""

    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    LEAD = "lead", "Lead"

    @property
    def rank(self):
        """0 for a viewer, 2 for a lead."""
        return list(Role).index(self)

    @classmethod
    def of_officers(cls):
        """The roles of people who act for a party."""
        return [cls.EDITOR, cls.LEAD]

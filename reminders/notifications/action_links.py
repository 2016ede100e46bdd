"""The URLs in emails about an action."""

from django.conf import settings

from engagements.rules.action_links import action_link


def update_link(action, claimed):
    """The URL at which the owner of an action updates it without an account; "" for anybody else."""
    owner = claimed.facts.get("owner")
    return action_link(action.pk, owner) if owner else ""


def link_to(action):
    """The URL of the engagement that it comes from, else of the action."""
    return settings.SITE_URL + (action.engagement or action).get_absolute_url()

"""Verbs of calendar feeds. Each is the owner's own business; an administrator may revoke one."""

from django.utils import timezone

from engagements.models import Feed
from records.verbs import verb


@verb(past="made")
def make_feed(agreement, *, what, committee=None, by):
    """The feed of ``by`` that works; made where there is none. Returns it."""
    return Feed.objects.get_or_create(agreement=agreement, user=by, what=what, committee=committee, revoked_at=None)[0]


@verb(past="revoked")
def revoke_feed(feed, *, by):
    """Its address stops to work at once, and for good."""
    Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())


@verb(past="renewed")
def renew_feed(feed, *, by):
    """Give a feed another address; the old one stops to work at once. Returns the new feed."""
    revoke_feed(feed, by=by)
    return make_feed(feed.agreement, what=feed.what, committee=feed.committee, by=by)

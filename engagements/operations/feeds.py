"""Operations on calendar feeds. Users make and renew their own; an administrator may revoke any."""

from django.utils import timezone

from engagements.models import Feed
from records.verbs import verb


@verb(past="made")
def make_feed(agreement, *, what, committee=None, by):
    """Return the working feed of ``by``. Make one where there is none."""
    return Feed.objects.get_or_create(agreement=agreement, user=by, what=what, committee=committee, revoked_at=None)[0]


@verb(past="revoked")
def revoke_feed(feed, *, by):
    """Revoke a feed: its address stops working at once, and for good."""
    Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())


@verb(past="renewed")
def renew_feed(feed, *, by):
    """Give a feed another address; the old one stops working at once. Returns the new feed."""
    revoke_feed(feed, by=by)
    return make_feed(feed.agreement, what=feed.what, committee=feed.committee, by=by)

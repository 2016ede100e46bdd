"""The content of calendar feeds, and the feeds that a user can have."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Q, Subquery, prefetch_related_objects

from engagements.models import Committee, Engagement, EngagementHost, Feed, FeedReading, Participation
from engagements.models.feed import SIGNER
from engagements.presenters.calendar_files import calendar_of

PAST = dt.timedelta(days=183)
"""A feed reaches this far back."""
CANCELLED_SHOWN = dt.timedelta(days=30)
"""A cancelled engagement stays in a feed for this long after its day."""
MOST_PAST, MOST_COMING = 500, 1500
POLL = dt.timedelta(hours=1)
"""The interval at which calendar programs are asked to read a feed. Most choose their own."""

REPLIES = dict(Participation.Reply.choices)


def find_feed(token) -> Feed | None:
    """Return the feed that ``token`` opens, with its user, agreement and committee; None where it opens none."""
    try:
        key = Signer(**SIGNER).unsign(token)
    except BadSignature:
        return None
    return Feed.objects.open_ones().with_facts().filter(key=key).first()


def etag_of(feed, today):
    """Return a weak entity tag of all that the feed depends on, so that an unchanged feed is not built again."""
    facts = [feed.key, feed.version_number, today, settings.VERSION, settings.SITE_URL, settings.DEFAULT_FROM_EMAIL]
    return f'W/"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


def engagements_of(feed, today):
    """Return the engagements that the feed shows, in order of time, each with ``my_reply``. Three queries in all."""
    rows = _rows(feed).exclude(status="cancelled", starts_on__lt=today - CANCELLED_SHOWN)
    coming = rows.filter(starts_on__gte=today).order_by("starts_on", "pk")[:MOST_COMING]
    past = rows.filter(starts_on__range=(today - PAST, today - dt.timedelta(days=1))).order_by("-starts_on", "-pk")
    found = [*reversed(past[:MOST_PAST]), *coming]
    for engagement in found:
        engagement.agreement = feed.agreement
    prefetch_related_objects(found, "hosts")
    return found


def _rows(feed):
    rows = Engagement.objects.visible_to(feed.user).of(feed.agreement).in_brief().annotate(my_reply=_my_reply(feed))
    if feed.what == Feed.What.COMMITTEE:
        return rows.filter(committee=feed.committee_id)
    return rows.filter(_is_mine(feed)) if feed.what == Feed.What.MINE else rows


def _my_places(feed):
    places = Participation.objects.visible_to(feed.user).of(feed.agreement)
    return places.filter(engagement=OuterRef("pk"), person__user=feed.user)


def _my_reply(feed):
    return Subquery(_my_places(feed).values("reply")[:1])


def _is_mine(feed):
    """Condition: the user takes part, or logged it and their own organisation hosts it; and they have not declined."""
    hosted = EngagementHost.objects.filter(engagement=OuterRef("pk"), organisation__people__user=feed.user)
    declined = Exists(_my_places(feed).filter(reply=Participation.Reply.DECLINED))
    takes_part, logged = Exists(_my_places(feed)), Q(logged_by__user=feed.user) & Q(Exists(hosted))
    return Q(takes_part | logged) & Q(~declined)


def file_of(feed, engagements):
    """Return the feed as a calendar file. Only the feed of the user's own meetings has alarms."""
    is_mine = feed.what == Feed.What.MINE
    return calendar_of(
        engagements,
        name=f"{feed.agreement}: {feed.committee.name if feed.committee else feed.get_what_display().lower()}",
        alarms=is_mine,
        poll=POLL,
        replies={each.pk: REPLIES[each.my_reply] for each in engagements if each.my_reply},
    )


def note_reading(feed, today):
    """Record the day on which the feed is read. Only the first reading of a day writes to the database."""
    if feed.read_on != today:
        FeedReading.objects.update_or_create(
            feed_id=feed.pk, defaults={"agreement_id": feed.agreement_id, "read_on": today}
        )


@dataclass
class FeedChoice:
    """A feed that a user can have, and in ``feed`` the one that they already have, or None."""

    key: str
    title: str
    about: str
    what: str
    committee: Committee | None = None
    feed: Feed | None = None


def choices_for(user, agreement):
    """Return the feeds that ``user`` can have in ``agreement``: own meetings, all, each committee. Two queries."""
    committees = Committee.objects.visible_to(user).of(agreement)
    found = [
        FeedChoice(
            "mine",
            "My meetings",
            "What you take part in and have not declined, and what you logged where your organisation hosts.",
            Feed.What.MINE,
        ),
        FeedChoice(
            "agreement", "The whole agreement", f"All engagements of \u2068{agreement}\u2069.", Feed.What.AGREEMENT
        ),
        *(
            FeedChoice(f"committee-{each.pk}", each.name, "The meetings of this committee.", Feed.What.COMMITTEE, each)
            for each in committees
        ),
    ]
    feeds = Feed.objects.of(agreement).filter(user=user, revoked_at=None).with_facts()
    there = {(feed.what, feed.committee_id): feed for feed in feeds}
    for choice in found:
        choice.feed = there.get((choice.what, choice.committee and choice.committee.pk))
    return found

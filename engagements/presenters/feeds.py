"""What a calendar feed holds, and which feeds somebody can have."""

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
"""So far back a feed reaches."""
CANCELLED_SHOWN = dt.timedelta(days=30)
"""So long after its day one that was called off is still shown as such."""
MOST_PAST, MOST_COMING = 500, 1500
POLL = dt.timedelta(hours=1)
"""How often calendar programs are asked to look; most choose for themselves."""

REPLIES = dict(Participation.Reply.choices)


def find_feed(token) -> Feed | None:
    """The feed of an address, with its user, agreement and committee; None where it does not open (any more)."""
    try:
        key = Signer(**SIGNER).unsign(token)
    except BadSignature:
        return None
    return Feed.objects.open_ones().with_facts().filter(key=key).first()


def etag_of(feed, today):
    """The weak entity tag: all that the feed follows from, so that an unchanged one need not be put together again."""
    facts = [feed.key, feed.version_number, today, settings.VERSION, settings.SITE_URL, settings.DEFAULT_FROM_EMAIL]
    return f'W/"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


def engagements_of(feed, today):
    """The engagements that the feed shows, in order of time; three queries however many. Each has ``my_reply``."""
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
    """What the user takes part in and has not declined, and what they logged where their own organisation hosts."""
    hosted = EngagementHost.objects.filter(engagement=OuterRef("pk"), organisation__people__user=feed.user)
    declined = Exists(_my_places(feed).filter(reply=Participation.Reply.DECLINED))
    takes_part, logged = Exists(_my_places(feed)), Q(logged_by__user=feed.user) & Q(Exists(hosted))
    return Q(takes_part | logged) & Q(~declined)


def file_of(feed, engagements):
    """The feed as a calendar file. Alarms ring for one's own meetings only."""
    is_mine = feed.what == Feed.What.MINE
    return calendar_of(
        engagements,
        name=f"{feed.agreement}: {feed.committee.name if feed.committee else feed.get_what_display().lower()}",
        alarms=is_mine,
        poll=POLL,
        replies={each.pk: REPLIES[each.my_reply] for each in engagements if each.my_reply},
    )


def note_reading(feed, today):
    """Remember the day, once a day: a reading that changes nothing writes nothing."""
    if feed.read_on != today:
        FeedReading.objects.update_or_create(
            feed_id=feed.pk, defaults={"agreement_id": feed.agreement_id, "read_on": today}
        )


@dataclass
class FeedChoice:
    """A feed that somebody can have, and the one that they have, if any."""

    key: str
    title: str
    about: str
    what: str
    committee: Committee | None = None
    feed: Feed | None = None


def choices_for(user, agreement):
    """The feeds that ``user`` can have in ``agreement``: their own meetings, all, each committee. Two queries."""
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

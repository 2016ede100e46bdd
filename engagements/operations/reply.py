"""The verbs by which people reply to invitations: on the site, by the link in their mail, from their calendar."""

import pghistory
from django.utils import timezone

from engagements.models import Engagement, Participation
from engagements.models.participation import REPLY_FIELDS
from engagements.operations.engagement import NotPossibleError
from engagements.signals import engagement_saved
from records.locks import lock, lock_all, locked
from records.verbs import verb


class MovedError(Exception):
    """The engagement was moved, or called off and on again, since the reply was asked for."""


def why_closed(engagement, now):
    """Why nobody can reply any more, as a sentence; "" while one can."""
    if engagement.is_off:
        return "It is cancelled, so there is nothing to reply to."
    if engagement.status == Engagement.Status.HELD or engagement.over_at <= now:
        return "This meeting is over, so replies are closed."
    return ""


@verb(past="gave")
def give_replies(places, reply, *, by, **details):
    """Record what one person says to several dates; ``places`` are pairs of a participation and an version.

    What was moved, is closed or is not theirs any more is left out. Returns the participations that were saved.
    """
    asked = {place.pk: version for place, version in places}
    keys = {place.engagement_id for place, _ in places}
    rows = lock_all(Engagement.objects.filter(pk__in=keys))
    now, open_ones = timezone.now(), {}
    for engagement in rows:
        if not why_closed(engagement, now):
            open_ones[engagement.pk] = engagement
    found = locked(Participation.objects.filter(pk__in=asked, engagement__in=open_ones)).order_by("pk")
    saved = [row for row in found if open_ones[row.engagement_id].schedule_version == asked[row.pk]]
    for row in saved:
        row.record_reply(reply, now, **details)
    if saved:
        with pghistory.context(person=saved[0].person_id):
            Participation.objects.bulk_update(saved, REPLY_FIELDS)
    for row in saved:
        engagement_saved.send(sender=Engagement, engagement=open_ones[row.engagement_id])
    return saved


@verb(past="gave")
def give_reply(participation, reply, *, version, by, **details):
    """Record what the person of ``participation`` says to ``version``. Returns the participation as it is now.

    ``details`` are ``note``, ``sent_apologies`` and ``deputy``, as ``Participation.record_reply`` takes them.

    History names the user ``by``, or without one the person. MovedError for an version that is no more,
    NotPossibleError once it is off or over or the person has been taken off the list. The record's revision stays:
    nobody who is editing it is disturbed.
    """
    engagement = lock(Engagement, participation.engagement_id)
    if closed := why_closed(engagement, timezone.now()):
        raise NotPossibleError(closed)
    if engagement.schedule_version != version:
        raise MovedError
    row = locked(Participation.objects.filter(pk=participation.pk)).first()
    if row is None or row.person.has_left(timezone.localdate()):
        raise NotPossibleError("You are not on the list of people invited any more.")
    row.record_reply(reply, timezone.now(), **details)
    with pghistory.context(person=row.person_id):
        row.save(update_fields=REPLY_FIELDS)
    engagement_saved.send(sender=Engagement, engagement=engagement)
    return row


@verb(past="gave")
def give_calendar_reply(uid, address, reply, *, is_current, by, **details):
    """Record what the person with this email address says to the engagement of a calendar's ``uid``.

    ``is_current(engagement)`` says whether they were asked about it as it is now: MovedError where not.
    NotPossibleError where no such person takes part, and as for ``give_reply``, which takes the same ``details``.
    Returns the participation.
    """
    rows = Participation.objects.select_related("engagement", "person")
    participation = rows.filter(engagement__uid=uid, person__email__iexact=address).first()
    if participation is None:
        raise NotPossibleError("Nobody with this address is invited to it.")
    if not is_current(participation.engagement):
        raise MovedError
    return give_reply(participation, reply, version=participation.engagement.schedule_version, by=by, **details)

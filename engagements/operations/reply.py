"""Operations with which people reply to invitations: on the site, by the link in their email, from their calendar."""

import pghistory
from django.utils import timezone

from engagements.models import Engagement, Participation
from engagements.models.participation import REPLY_FIELDS
from engagements.operations.engagement import NotPossibleError
from engagements.signals import engagement_saved
from records.locks import lock, lock_all, locked
from records.verbs import verb


class MovedError(Exception):
    """The engagement was moved, or cancelled and reinstated, since the reply was asked for."""


def why_closed(engagement, now):
    """A sentence why nobody can reply any more; "" while people can."""
    if engagement.is_off:
        return "It is cancelled, so there is nothing to reply to."
    if engagement.status == Engagement.Status.HELD or engagement.over_at <= now:
        return "This meeting is over, so replies are closed."
    return ""


@verb(past="gave")
def give_replies(places, reply, *, by, **details):
    """Record the reply of one person to several dates; ``places`` are pairs of a participation and a version.

    Dates that were moved, are closed or are no longer theirs are skipped. ``details`` are as for ``give_reply``.
    Returns the participations that were saved.
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
    """Record the reply of the person of ``participation`` to ``version``. Returns the participation as it is now.

    ``details`` are ``note``, ``sent_apologies`` and ``deputy``, as ``Participation.record_reply`` takes them. History
    names the user ``by`` or, without one, the person. MovedError for a version that is not the present one.
    NotPossibleError once the engagement is cancelled or over, or the person has left or was removed. The record's
    revision does not change.
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
    """Record the reply of the person with this email address to the engagement of a calendar's ``uid``.

    ``is_current(engagement)`` says whether they were asked about its present version: MovedError where not.
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

"""The template tag for the small panel of commitments on the page of an engagement."""

from django import template
from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.counting import counted_by
from commitments.rules.rhythm import part_in_words

register = template.Library()


@register.inclusion_tag("commitments/_counts_towards.html", takes_context=True)
def counts_towards_panel(context, engagement):
    """A card with the commitments that an engagement counts towards. One query, or none where it cannot count.

    ``engagement`` has ``effective_on``, the day on which its agreement took effect.
    """
    request = context["request"]
    if engagement.is_off or engagement.is_public_event:
        return {}
    commitments = counted_by(engagement, request.user, timezone.now())
    for commitment in commitments:
        commitment.part = _part(commitment, engagement)
    return {"access": request.access, "commitments": commitments}


def _part(commitment, engagement):
    if commitment.measure != Commitment.Measure.RHYTHM:
        return "added by hand"
    if commitment.span is None:
        return commitment.standing.reason
    is_held = engagement.status == "held"
    return part_in_words(commitment.place, commitment.rhythm_count, is_held=is_held, is_asked=engagement.awaits_answer)

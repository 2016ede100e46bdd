"""The small panel of reminders on a record, and the words for one delivery."""

from django import template
from django.urls import reverse

from reminders import silence, words
from reminders.models import Delivery

register = template.Library()

register.filter("delivery_note", words.note_of)
register.filter("delivery_what", words.what_of)


@register.inclusion_tag("reminders/_late.html", takes_context=True)
def late_reminders(context):
    """A banner for leads and administrators when reminders have fallen silent. A query each half minute at most."""
    access = getattr(context["request"], "access", None)
    user = context["request"].user
    if not (access.can_lead if access else user.is_authenticated and user.is_superuser):
        return {}
    url = reverse("reminders:deliveries", args=[access.agreement.slug]) if access else ""
    return {"sentence": silence.sentence_of_late(), "url": url}


@register.inclusion_tag("elements/chip.html")
def delivery_chip(delivery):
    """Where a delivery is on its way, as a chip."""
    state, word = words.chip_of(delivery)
    return {"state": state, "word": word}


@register.inclusion_tag("reminders/_panel.html", takes_context=True)
def reminders_panel(context, engagement):
    """A card with the reminders of an engagement in a sentence, for editors and leads. One query; none for others."""
    request = context["request"]
    access = request.access
    if not access.can_edit:
        return {}
    tally = list(Delivery.objects.visible_to(request.user).filter(engagement=engagement).tallied())
    is_to_come = engagement.status in ("planned", "confirmed") and not engagement.is_over
    sentence = words.panel_sentence(tally, engagement.occurrence, is_to_come)
    told = words.told_sentence(tally)
    return {"access": access, "engagement": engagement, "sentence": sentence, "told": told, "is_any": bool(tally)}

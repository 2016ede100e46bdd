"""The panel of reminders on a record, a person's choices, and the words for one delivery."""

from django import template
from django.urls import reverse
from django.utils import timezone

from outbox import delivery_health
from reminders.deliveries.targets import TARGETS
from reminders.models import Preference
from reminders.presenters import labels
from reminders.presenters.panel import pending_about, tally_of

register = template.Library()

register.filter("delivery_note", labels.state_note)
register.filter("delivery_what", labels.content_label)
register.filter("sample_label", labels.sample_label)
register.filter("can_be_sent_again", labels.can_be_sent_again)


@register.simple_tag(takes_context=True)
def delivery_url(context, delivery):
    """The page of a delivery's target; "" where that was deleted. Rows come with their ``workstream``."""
    slug = context["request"].access.agreement.slug
    return TARGETS[delivery.target].url(slug, delivery) if delivery.target else ""


@register.inclusion_tag("reminders/_delivery_warning.html", takes_context=True)
def delivery_warning(context):
    """A banner for leads and administrators when emails are late or have stopped. At most one query per half minute."""
    access = getattr(context["request"], "access", None)
    user = context["request"].user
    if not (access.can_lead if access else user.is_authenticated and user.is_superuser):
        return {}
    url = reverse("reminders:deliveries", args=[access.agreement.slug]) if access else ""
    return {"sentence": delivery_health.sentence_of_late(), "url": url}


@register.inclusion_tag("elements/chip.html")
def delivery_chip(delivery):
    state, word = labels.state_label(delivery)
    return {"state": state, "word": word}


@register.inclusion_tag("reminders/_preferences_card.html", takes_context=True)
def preferences_card(context, person):
    """A card for leads with the choices of a person. One query; none for others."""
    request = context["request"]
    if not request.access.can_lead:
        return {}
    preference = Preference.objects.visible_to(request.user).filter(person=person).first()
    choices = labels.choices_of(preference) if preference else []
    is_paused = bool(preference and preference.paused_until and preference.paused_until > timezone.localdate())
    return {
        "access": request.access,
        "person": person,
        "preference": preference,
        "choices": choices,
        "is_paused": is_paused,
        "is_plain": not (choices or is_paused or (preference and preference.quiet_from)),
    }


@register.inclusion_tag("reminders/_pending.html", takes_context=True)
def pending_panel(context, thing):
    """The waiting emails about an engagement or a series, with Send now and Undo. One query; none for others."""
    request, about = context["request"], thing._meta.model_name
    found = pending_about(request, about, thing.pk)
    return {"request": request, "access": request.access, "pending": found, "about": about, "pk": thing.pk}


@register.inclusion_tag("reminders/_panel.html", takes_context=True)
def reminders_panel(context, engagement):
    """A card with the reminders of an engagement in a sentence, for editors and leads. One query; none for others."""
    access = context["request"].access
    tally = tally_of(context["request"], engagement.pk)
    if tally is None:
        return {}
    is_to_come = engagement.status in ("planned", "confirmed") and not engagement.is_over
    sentence = labels.panel_sentence(tally, engagement.schedule_version, is_to_come)
    more = [labels.one_off_sentence(tally), labels.other_rules_sentence(tally)]
    return {"access": access, "engagement": engagement, "sentence": sentence, "more": more, "is_any": bool(tally)}

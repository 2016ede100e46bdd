"""Previews of the email of a rule, for an existing object: to read, or to be sent to the user as a test."""

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from contacts.models import Person
from outbox.content import RenderedEmail
from outbox.smtp import SmtpSender
from reminders.deliveries.ledger import Claimed
from reminders.deliveries.rendering import personal
from reminders.notification_types import type_of
from reminders.notifications import reply_links
from reminders.preferences.links import ENDING

OFFERED = 12
"""The most objects that a preview offers."""


def samples_of(rule, user):
    """The objects for which a preview can be shown, of those that ``user`` may see."""
    return list(type_of(rule.kind).rule.sample.rows(rule, user)[:OFFERED])


def preview_of(rule, row, user):
    """Return the ``EmailContent`` of the rule's last step about ``row``; None without steps or anything to say."""
    steps = list(rule.steps.all())
    if not steps:
        return None
    step = steps[-1]
    step.rule = rule
    claimed = _claimed(rule, row, step, user)
    text = type_of(rule.kind).write(row, step, claimed)
    return text and reply_links.as_read(text, claimed)


def send_test(rule, row, user):
    """Send the preview to ``user`` at once, marked as a test and without a delivery.

    Returns the ``Outcome``, or None where there is nothing to send.
    """
    text = preview_of(rule, row, user)
    if text is None:
        return None
    text = replace(text, subject=f"Test: {text.subject}", calendars=())
    people = Person.objects.visible_to(user).of(rule.agreement)
    me = people.filter(user=user).values_list("pk", flat=True).first()
    mine = _claimed(rule, row, rule.steps.all()[0], user, me or 0)
    content = personal(text.as_bytes(ending=ENDING), mine, timezone.now())
    with SmtpSender() as sender:
        return sender.send(RenderedEmail(user.email, text.subject, content, settings.DEFAULT_FROM_EMAIL))


def _claimed(rule, row, step, user, person_id=0):
    """Make a message to ``user`` as if it were about to be sent."""
    shown = type_of(rule.kind)
    return Claimed(
        delivery_id=0,
        kind=rule.kind,
        target=shown.targets[0],
        target_id=row.pk,
        step_id=step.pk,
        person_id=person_id,
        address=user.email,
        name=user.get_full_name() or user.email,
        has_account=True,
        facts=shown.rule.sample.facts(rule, row),
        created_at=timezone.now(),
    )

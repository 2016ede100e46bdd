"""The mail of a rule as it would be for an engagement: to look at, and to be sent as a test to whoever asks."""

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from contacts.models import Person
from reminders import answering
from reminders.ledger import Claimed
from reminders.letters import Letter, personal_headers
from reminders.models import Delivery
from reminders.sending import Carrier
from reminders.subjects.engagement_letters import text_of
from reminders.unsubscribe import fill

NOBODYS_PLACE = 2**53
"""A place that there is not: the links of a test look as they do, and record nobody's reply."""


def preview_of(rule, engagement, user):
    """The ``Text`` that somebody who takes part gets by the rule's last lead time; None for a rule without any."""
    steps = list(rule.steps.all())
    if not steps:
        return None
    step = steps[-1]
    step.rule = rule
    claimed = _claimed(engagement, step, user)
    return answering.as_read(text_of(engagement, step, claimed), claimed)


def send_test(rule, engagement, user):
    """Send the preview to ``user`` at once, marked as a test; it is not of the ledger. Returns the ``Outcome``."""
    text = preview_of(rule, engagement, user)
    text = replace(text, subject=f"Test: {text.subject}", calendar="")
    people = Person.objects.visible_to(user).of(engagement.agreement)
    me = people.filter(user=user).values_list("pk", flat=True).first()
    mine = _claimed(engagement, rule.steps.all()[0], user, me or 0)
    content = personal_headers(mine, timezone.now()) + answering.fill(fill(text.as_bytes(), mine.person_id), mine)
    with Carrier() as carrier:
        return carrier.send(Letter(user.email, text.subject, content, settings.DEFAULT_FROM_EMAIL))


def _claimed(engagement, step, user, person_id=0):
    """A message to ``user`` as if it were about to be sent."""
    return Claimed(
        delivery_id=0,
        kind=Delivery.Kind.REMINDER,
        subject="engagement",
        subject_id=engagement.pk,
        step_id=step.pk,
        person_id=person_id,
        address=user.email,
        name=user.get_full_name() or user.email,
        has_account=True,
        facts={"role": "participant", "reply": "", "place": NOBODYS_PLACE, "occurrence": engagement.occurrence},
        created_at=timezone.now(),
    )

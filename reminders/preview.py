"""The mail of a rule as it would be for something that there is: to look at, and to be sent to whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from contacts.models import Person
from engagements.models import Action, Engagement
from partnership.models import AgreementDate
from reminders.ledger import Claimed
from reminders.letters import Letter, personal_headers
from reminders.models import Rule
from reminders.sending import Carrier
from reminders.subjects import action_letters, date_letters, engagement_letters
from reminders.unsubscribe import fill

OFFERED = 12
"""How many things a preview offers to be shown with."""


@dataclass(frozen=True)
class Sample:
    """What rules about one thing are shown with.

    ``subject`` is its link of ``Delivery``; ``rows(rule, user)`` are those that may be chosen; ``text(row, step,
    claimed)`` writes the mail; ``facts(rule)`` is what the letter is told of its reader; ``none`` says that there is
    nothing to show it with.
    """

    subject: str
    rows: Callable
    text: Callable
    facts: Callable
    none: str


def _engagements(rule, user):
    rows = Engagement.objects.visible_to(user).of(rule.agreement).coming(timezone.now())
    rows = rows.filter(kind__in=rule.kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("starts_at", "pk")


def _actions(rule, user):
    rows = Action.objects.visible_to(user).of(rule.agreement).open().filter(due_on__isnull=False)
    return rows.with_owner().select_related("agreement", "engagement__agreement").order_by("due_on", "pk")


def _dates(rule, user):
    rows = AgreementDate.objects.visible_to(user).of(rule.agreement).filter(kind__in=date_letters.TITLES)
    return rows.select_related("agreement").order_by("-on", "pk")


SAMPLES = {
    Rule.About.MEETING: Sample(
        "engagement",
        _engagements,
        engagement_letters.text_of,
        lambda rule: {"role": "participant", "reply": ""},
        "No engagement of these kinds is to come, so there is nothing to show it with.",
    ),
    Rule.About.ACTION_DUE: Sample(
        "action",
        _actions,
        action_letters.text_of,
        lambda rule: {"owns": rule.Audience.OWNERS in rule.audience},
        "No action with a date is open, so there is nothing to show it with.",
    ),
    Rule.About.DATE: Sample(
        "date",
        _dates,
        date_letters.text_of,
        lambda rule: {},
        "The agreement has no date for its review, for notice or for its end, so there is nothing to show it with.",
    ),
}
"""By what a rule reminds of. It can be made on the pages once it stands here."""


def samples_of(rule, user):
    """What the mail of a rule can be shown with, as ``user`` may see it."""
    return list(SAMPLES[rule.about].rows(rule, user)[:OFFERED])


def preview_of(rule, row, user):
    """The ``Text`` of the rule's last step about ``row``; None for a rule without any."""
    steps = list(rule.steps.all())
    if not steps:
        return None
    step = steps[-1]
    step.rule = rule
    return SAMPLES[rule.about].text(row, step, _claimed(rule, row, step, user))


def send_test(rule, row, user):
    """Send the preview to ``user`` at once, marked as a test; it is not of the ledger. Returns the ``Outcome``."""
    text = preview_of(rule, row, user)
    text = replace(text, subject=f"Test: {text.subject}", calendar="")
    people = Person.objects.visible_to(user).of(rule.agreement)
    me = people.filter(user=user).values_list("pk", flat=True).first()
    mine = _claimed(rule, row, rule.steps.all()[0], user, me or 0)
    content = personal_headers(mine, timezone.now()) + fill(text.as_bytes(), mine.person_id)
    with Carrier() as carrier:
        return carrier.send(Letter(user.email, text.subject, content, settings.DEFAULT_FROM_EMAIL))


def _claimed(rule, row, step, user, person_id=0):
    """A message to ``user`` as if it were about to be sent."""
    sample = SAMPLES[rule.about]
    return Claimed(
        delivery_id=0,
        kind=rule.about,
        subject=sample.subject,
        subject_id=row.pk,
        step_id=step.pk,
        person_id=person_id,
        address=user.email,
        name=user.get_full_name() or user.email,
        has_account=True,
        facts=sample.facts(rule),
        created_at=timezone.now(),
    )

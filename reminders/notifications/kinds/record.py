"""The record of a held engagement, as it is sent to those who took part."""

from string import Template

from django.template.loader import render_to_string

from engagements.models import Action, Decision, Participation
from outbox.content import EmailContent
from pages.words import date_in_words
from reminders.notification_types import NotificationType, register
from reminders.notifications.engagement_facts import facts_of
from reminders.planning.recipient_checks import OF_READER

_REASON = Template("""
    CASE WHEN e.status <> 'held' THEN '$NOT_HELD'
         WHEN d.expires_at <= %(now)s THEN '$TOO_OLD'
         WHEN p.id IS NULL THEN '$REMOVED'
         ELSE $of_reader END""").safe_substitute(of_reader=OF_READER)

PEOPLE_NAMED = 60
"""Where more people than this came, the email names nobody."""


def write(engagement, step, claimed) -> EmailContent:
    """The email with the record. Readers with an account get a button that opens it."""
    return record_text(engagement, has_account=claimed.has_account)


def record_text(engagement, *, has_account) -> EmailContent:
    """What it was about, the outcomes, decisions and actions. Notes and documents are never in it.

    Under the Chatham House Rule no person is named. The owner of an action is at most named by their party.
    """
    context = facts_of(engagement) | {
        "subject": f"Record: {' '.join(engagement.title.split())}, {date_in_words(engagement.starts_on)}",
        "decisions": list(Decision.objects.filter(engagement=engagement)),
        "actions": list(actions_of(engagement)),
        "came": [] if engagement.chatham_house else came_to(engagement),
        "has_account": has_account,
    }
    return EmailContent(
        subject=context["subject"],
        plain=render_to_string("reminders/mail/record.txt", context),
        html=render_to_string("reminders/mail/record.html", context),
    )


def actions_of(engagement):
    """Its actions, each with ``owner_named``: the owner, as far as the email may name them."""
    for action in Action.objects.filter(engagement=engagement).with_links():
        action.owner_named = action.owner_names[0]
        yield action


def came_to(engagement):
    """The names of those who came, with their organisations; [] where they are too many to name."""
    came = Participation.objects.filter(engagement=engagement, attendance=Participation.Attendance.CAME)
    people = list(came.select_related("person", "organisation").order_by("person__name")[: PEOPLE_NAMED + 1])
    if len(people) > PEOPLE_NAMED:
        return []
    return [f"{each.person} ({each.organisation})" if each.organisation else str(each.person) for each in people]


register(
    NotificationType(
        kind="record",
        label="The record",
        position=140,
        topic="records",
        leads=5,
        target="engagement",
        count_label="sent the record",
        reason=_REASON,
        write=write,
    )
)

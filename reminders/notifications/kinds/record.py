"""The record of an engagement that was held, as those who took part get it."""

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
"""Of more people than this the mail says only how many came."""


def write(engagement, step, claimed) -> EmailContent:
    """The record as all who took part get it: those with an account with a button to it."""
    return record_text(engagement, has_account=claimed.has_account)


def record_text(engagement, *, has_account) -> EmailContent:
    """What it was about, what was decided and is to be done. Notes and documents are never in it.

    Under the Chatham House Rule nobody is named, as a person or as the owner of an action: of those at most the party.
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
    """Its actions, each with ``owner_named``: who owns it, as far as the mail may say."""
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

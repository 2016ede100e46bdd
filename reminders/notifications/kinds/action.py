"""Somebody is the new owner of an action."""

from string import Template

from django.template.loader import render_to_string

from outbox.content import EmailContent
from reminders.notification_types import NotificationType, register
from reminders.notifications.action_links import link_to, update_link
from reminders.planning.recipient_checks import OF_READER

_REASON = Template("""
    CASE WHEN t.done_on IS NOT NULL THEN '$DONE'
         WHEN t.owner_person_id IS DISTINCT FROM d.person_id THEN '$OTHER_OWNER'
         WHEN d.expires_at <= %(now)s THEN '$TOO_OLD'
         ELSE $of_reader END""").safe_substitute(of_reader=OF_READER)


def write(action, step, claimed) -> EmailContent:
    """The email to the new owner of an action."""
    subject = f"An action for you: {' '.join(action.title.split())}"
    words = {
        "subject": subject,
        "action": action,
        "agreement": action.agreement,
        "engagement": action.engagement,
        "link": link_to(action),
        "update_link": update_link(action, claimed),
        "has_account": claimed.has_account,
    }
    return EmailContent(
        subject=subject,
        plain=render_to_string("reminders/mail/action.txt", words),
        html=render_to_string("reminders/mail/action.html", words),
        links=(("Update this action", words["update_link"]),),
    )


register(
    NotificationType(
        kind="action",
        label="A new action",
        position=130,
        topic="actions",
        target="action",
        reason=_REASON,
        write=write,
    )
)

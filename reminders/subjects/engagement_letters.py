"""What mails about an engagement say."""

from django.conf import settings
from django.template.loader import render_to_string

from engagements.calendar import calendar_of
from engagements.models import Engagement, Participation
from engagements.words import days_in_words, place_in_words, times_in_words
from reminders.models import Step
from reminders.subjects.text import Text


class Writer:
    """Writes what claimed messages about engagements say, reading what they need of the database at once."""

    def __init__(self, claimed):
        engagements = Engagement.objects.filter(pk__in={one.subject_id for one in claimed})
        self.engagements = engagements.select_related("agreement").prefetch_related("hosts").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed) -> Text | None:
        """What all readers of this kind get; None where its engagement or step was deleted meanwhile."""
        engagement, step = self.engagements.get(claimed.subject_id), self.steps.get(claimed.step_id)
        if engagement is None or step is None:
            return None
        subject = subject_of(engagement)
        words = words_for(engagement, step, claimed) | {"subject": subject}
        return Text(
            subject=subject,
            plain=render_to_string("reminders/mail/reminder.txt", words),
            html=render_to_string("reminders/mail/reminder.html", words),
            # PUBLISH: nobody here reads the replies that a REQUEST has calendars send, and it names no attendee.
            calendar=calendar_of([engagement], method="PUBLISH").decode(),
            calendar_method="PUBLISH",
            line=" ".join(engagement.title.split()),
            detail=". ".join(filter(None, [words["when"], words["where"]])),
            links=links_of(engagement, words),
        )


def links_of(engagement, words):
    """What a line in a digest leads to: the meeting itself, and its record for those who may open it."""
    join = [("Join", engagement.joining_link)] if engagement.joining_link else []
    return (*join, *([("Open the record", words["link"])] if words["has_account"] else []))


def subject_of(engagement):
    """ "Reminder: AI procurement roundtable, Tuesday 8 December, 14:00"; one line whatever the title holds."""
    start = f"{engagement.starts_on:%A %-d %B}"
    if engagement.start_time:
        start += f", {engagement.start_time:%H:%M}"
        if engagement.time_zone != settings.TIME_ZONE:
            start += f" {engagement.time_zone.replace('_', ' ')} time"
    return f"Reminder: {' '.join(engagement.title.split())}, {start}"


def words_for(engagement, step, claimed):
    """What the templates of a reminder say, by name."""
    days = days_in_words(engagement.starts_on, engagement.last_day)
    place = place_in_words(engagement)
    hosts = " and ".join(str(host) for host in engagement.hosts.all())
    return {
        "engagement": engagement,
        "agreement": engagement.agreement,
        "when": ", ".join(filter(None, [days, times_in_words(engagement)])),
        "where": place[:1].upper() + place[1:],
        "hosts": hosts,
        "tell": "the hosts" if hosts else "whoever invited you",
        "role": Participation.Role(role).label.lower() if (role := claimed.facts["role"]) != "participant" else "",
        "reply": claimed.facts["reply"],
        "has_account": claimed.has_account,
        "rule": step.rule,
        "step": step,
        "link": settings.SITE_URL + engagement.get_absolute_url(),
    }

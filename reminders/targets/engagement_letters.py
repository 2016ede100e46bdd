"""What mails about an engagement say."""

from django.template.loader import render_to_string
from django.utils import timezone

from contacts.models import Person
from engagements.models import Engagement
from outbox.content import EmailContent
from pages.words import weekday_in_words
from reminders.models import Delivery, Step
from reminders.notifications import notices
from reminders.notifications.engagement_facts import facts_of, role_in_words, start_of
from reminders.notifications.reply_links import answers_to
from reminders.queries import NOTICES
from reminders.rules.placeholders import fill
from reminders.targets import lacking_letters, record_letters

BY_RULE = {
    Delivery.Kind.REPLY: lacking_letters.reply_text,
    Delivery.Kind.PAPERS: lacking_letters.papers_text,
    Delivery.Kind.UNRECORDED: lacking_letters.unrecorded_text,
}
"""The letters of rules about something else than the meeting itself: (engagement, step, claimed) to the content."""


class Writer:
    """Writes what claimed messages about engagements say, reading what they need of the database at once."""

    def __init__(self, claimed):
        engagements = Engagement.objects.filter(pk__in={one.target_id for one in claimed})
        engagements = engagements.select_related("agreement", "committee").with_record_state(timezone.now())
        self.engagements = engagements.prefetch_related("hosts").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})
        self.people = Person.objects.in_bulk({one.facts["person"] for one in claimed if "person" in one.facts})

    def write(self, claimed) -> EmailContent | None:
        """What all readers of this kind get; None where its engagement or step was deleted meanwhile."""
        engagement, step = self.engagements.get(claimed.target_id), self.steps.get(claimed.step_id)
        if engagement and claimed.kind == Delivery.Kind.RECORD:
            return record_letters.write(engagement, claimed)
        if engagement and claimed.kind in NOTICES:
            return notices.write(engagement, claimed, self.people[claimed.facts["person"]])
        if engagement is None or step is None:
            return None
        return BY_RULE.get(claimed.kind, text_of)(engagement, step, claimed)


def text_of(engagement, step, claimed) -> EmailContent:
    """The reminder of an engagement by a step of a rule, in the rule's words where it has some.

    It has no calendar file: the entry came with the invitation, and a second file can become a second entry.
    """
    words = words_for(engagement, step, claimed)
    named = placeholders(words)
    subject = " ".join(fill(step.rule.subject, named).split())[:300] or subject_of(engagement)
    words |= {"subject": subject, "opening": fill(step.rule.text, named).strip()}
    return EmailContent(
        subject=subject,
        plain=render_to_string("reminders/mail/reminder.txt", words),
        html=render_to_string("reminders/mail/reminder.html", words),
        line=" ".join(engagement.title.split()),
        detail=". ".join(filter(None, [words["when"], words["where"]])),
        links=links_of(engagement, words),
    )


def links_of(engagement, words):
    """What a line in a digest leads to: the answers still owed, the meeting, its record for those who may open it."""
    join = [("Join", engagement.joining_link)] if engagement.joining_link else []
    record = [("Open the record", words["link"])] if words["has_account"] else []
    return (*words["replies"], *join, *record)


def subject_of(engagement):
    """ "Reminder: AI procurement roundtable, Tuesday 8 December 2026, 14:00"; one line whatever the title holds."""
    return f"Reminder: {' '.join(engagement.title.split())}, {start_of(engagement)}"


def words_for(engagement, step, claimed):
    """What the templates of a reminder say, by name."""
    return facts_of(engagement) | {
        "role": role_in_words(claimed.facts["role"]),
        "reply": claimed.facts["reply"],
        "earlier": notices.earlier_in_words(claimed.facts),
        "replies": answers_to(engagement.pk) if claimed.facts["reply"] == "" else [],
        "takes_part": claimed.facts["role"] is not None,
        "has_account": claimed.has_account,
        "rule": step.rule,
        "step": step,
    }


def placeholders(words):
    """{placeholder: what it becomes}, of the words of a reminder."""
    engagement, step = words["engagement"], words["step"]
    return {
        "title": engagement.title,
        "kind": engagement.get_kind_display().lower(),
        "date": weekday_in_words(engagement.starts_on),
        "when": words["when"],
        "where": words["where"],
        "join": engagement.joining_link,
        "hosts": words["hosts"],
        "lead": step.lead_in_words,
        "agreement": str(engagement.agreement),
        "record": words["link"],
    }

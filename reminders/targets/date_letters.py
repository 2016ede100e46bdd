"""What mails about a date of an agreement say."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from outbox.content import EmailContent
from pages.words import date_in_words
from partnership.models import AgreementDate
from reminders.models import Step
from reminders.models.rules import in_days
from reminders.rules.placeholders import fill

TITLES = {
    AgreementDate.Kind.REVIEW.value: "Review of the agreement",
    AgreementDate.Kind.NOTICE.value: "Last day for notice",
    AgreementDate.Kind.END.value: "End of the agreement",
}
"""The dates of which people are told, in the words of the mail."""

ADVICE = {
    AgreementDate.Kind.REVIEW.value: "Agree with the other party when the two of you review it.",
    AgreementDate.Kind.NOTICE.value: "After this day it can no longer be ended by notice for its term.",
    AgreementDate.Kind.END.value: (
        "Decide with the other party whether it is renewed. If it is, have an administrator change its date."
    ),
}


class Writer:
    """Writes what claimed messages about dates say, reading what they need of the database at once."""

    def __init__(self, claimed):
        dates = AgreementDate.objects.filter(pk__in={one.target_id for one in claimed})
        self.dates = dates.select_related("agreement").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed) -> EmailContent | None:
        """What all readers get; None where the date or the step was deleted meanwhile."""
        date, step = self.dates.get(claimed.target_id), self.steps.get(claimed.step_id)
        return text_of(date, step, claimed) if date and step and date.kind in TITLES else None


def text_of(date, step, claimed) -> EmailContent:
    """A date to come, by a step of a rule, in the rule's words where it has some."""
    late = away_in_words(date.on, timezone.localdate())
    title, agreement = TITLES[date.kind], date.agreement
    link = settings.SITE_URL + agreement.get_absolute_url()
    named = {
        "title": title,
        "date": date_in_words(date.on),
        "late": late,
        "agreement": str(agreement),
        "record": link,
    }
    subject = " ".join(fill(step.rule.subject, named).split())[:300]
    words = {
        "subject": subject or f"{title}: {date_in_words(date.on)}, {late}",
        "opening": fill(step.rule.text, named).strip(),
        "title": title,
        "advice": ADVICE[date.kind],
        "date": date,
        "late": late,
        "agreement": agreement,
        "link": link,
        "rule": step.rule,
        "step": step,
    }
    return EmailContent(
        subject=words["subject"],
        plain=render_to_string("reminders/mail/date.txt", words),
        html=render_to_string("reminders/mail/date.html", words),
        line=f"{title}: {date_in_words(date.on)}",
        detail=late[:1].upper() + late[1:],
        links=(("Open the agreement", link),),
    )


def away_in_words(day, today):
    """ "in 30 days", "tomorrow", "today", "3 days ago"."""
    days = (day - today).days
    if days < 0:
        return f"{in_days(-days)} ago"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {in_days(days)}")

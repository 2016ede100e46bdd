"""What mails about an action say: that it was given to somebody, and how it stands with its day."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from engagements.models import Action
from engagements.rules.action_links import action_link
from outbox.content import EmailContent
from pages.words import date_in_words, weekday_in_words
from reminders.models import Delivery, Step
from reminders.models.rules import in_days
from reminders.rules.placeholders import fill


class Writer:
    """Writes what claimed messages about actions say, reading what they need of the database at once."""

    def __init__(self, claimed):
        rows = Action.objects.filter(pk__in={one.target_id for one in claimed})
        self.actions = rows.with_links().select_related("agreement", "engagement__agreement").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed) -> EmailContent | None:
        """What all readers of this kind get; None where its action or step was deleted meanwhile."""
        action, step = self.actions.get(claimed.target_id), self.steps.get(claimed.step_id)
        if action and claimed.kind == Delivery.Kind.ACTION:
            return given(action, claimed)
        return text_of(action, step, claimed) if action and step and action.due_on else None


def given(action, claimed) -> EmailContent:
    """What somebody gets who owns an action now."""
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


def text_of(action, step, claimed) -> EmailContent:
    """How an action stands with its day, by a step of a rule, in the rule's words where it has some."""
    words = words_for(action, step, claimed)
    named = placeholders(words)
    title = " ".join(action.title.split())
    subject = " ".join(fill(step.rule.subject, named).split())[:300]
    words["subject"] = subject or f"{capitalised(words['late'])}: {title}"[:300]
    words["opening"] = fill(step.rule.text, named).strip()
    return EmailContent(
        subject=words["subject"],
        plain=render_to_string("reminders/mail/action_due.txt", words),
        html=render_to_string("reminders/mail/action_due.html", words),
        line=title,
        detail=f"{capitalised(words['late'])}. Due {date_in_words(action.due_on)}",
        links=links_of(words),
    )


def words_for(action, step, claimed):
    """What the templates of such a mail say, by name."""
    return {
        "action": action,
        "agreement": action.agreement,
        "engagement": action.engagement,
        "workstream": action.workstream,
        # The Chatham House Rule allows it: this goes to the owner, and to leads.
        "owner": str(action.owner_person or action.owner_organisation),
        "owns": bool(claimed.facts.get("owner")),
        "update_link": update_link(action, claimed),
        "late": late_in_words(action.due_on, timezone.localdate()),
        "is_late": action.is_overdue(timezone.localdate()),
        "link": link_to(action),
        "has_account": claimed.has_account,
        "rule": step.rule,
        "step": step,
    }


def update_link(action, claimed):
    """Where the owner of an action updates it without an account; "" for anybody else."""
    owner = claimed.facts.get("owner")
    return action_link(action.pk, owner) if owner else ""


def links_of(words):
    """What a line in a digest leads to."""
    if words["update_link"]:
        return (("Update this action", words["update_link"]),)
    return (("Open the action", words["link"]),) if words["has_account"] else ()


def placeholders(words):
    """{placeholder: what it becomes}, of the words of such a mail."""
    action = words["action"]
    return {
        "title": action.title,
        "due": weekday_in_words(action.due_on),
        "late": words["late"],
        "owner": words["owner"],
        "from": action.engagement.title if action.engagement else "",
        "agreement": str(action.agreement),
        "record": words["link"],
    }


def late_in_words(due_on, today):
    """ "due in 3 days", "due tomorrow", "due today", "9 days overdue"."""
    days = (due_on - today).days
    if days < 0:
        return f"{in_days(-days)} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {in_days(days)}")


def capitalised(words):
    """With a capital letter in front, the rest as it stands."""
    return words[:1].upper() + words[1:]


def link_to(action):
    """The address of the engagement that it comes from, else of the action."""
    return settings.SITE_URL + (action.engagement or action).get_absolute_url()

"""What a rule's own words become, and the email by a step of a rule: the same for whatever it reminds of."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from outbox.content import EmailContent
from reminders.notifications.engagement_facts import facts_of, placeholders
from reminders.notifications.placeholders import fill


def worded(step, named, subject):
    """What the templates of an email by ``step`` share: its subject (``subject`` where the rule has none), what stands
    above the facts, rule and step. ``named`` is {placeholder: what it becomes}.
    """
    own = " ".join(fill(step.rule.subject, named).split())
    return {
        "subject": (own or subject)[:300],
        "opening": fill(step.rule.text, named).strip(),
        "rule": step.rule,
        "step": step,
    }


def worded_of_engagement(engagement, step, claimed, subject):
    """The same of an email about an engagement, with all that each of them says of it."""
    facts = facts_of(engagement)
    words = worded(step, placeholders(engagement, facts, step), subject)
    return facts | words | {"has_account": claimed.has_account}


def rendered(name, words, *, line, detail, links) -> EmailContent:
    """The email ``reminders/mail/<name>``, in these words."""
    return EmailContent(
        subject=words["subject"],
        plain=render_to_string(f"reminders/mail/{name}.txt", words),
        html=render_to_string(f"reminders/mail/{name}.html", words),
        line=line,
        detail=detail,
        links=tuple(links),
    )


def page_of(name, engagement, anchor=""):
    """The address of a page of an engagement, for an email."""
    path = reverse(name, args=[engagement.agreement.slug, engagement.pk])
    return f"{settings.SITE_URL}{path}{'#' if anchor else ''}{anchor}"


def one_line(text):
    """A title as a subject line can have it."""
    return " ".join(text.split())

"""The words of a rule with placeholders filled in, and the email of a step of a rule, for whatever it reminds of."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from outbox.content import EmailContent
from reminders.notifications.engagement_facts import facts_of, placeholders
from reminders.notifications.placeholders import fill


def worded(step, named, subject):
    """The context that all templates of emails by ``step`` share: subject, ``opening`` above the facts, rule and step.

    ``subject`` is used where the rule has none. ``named`` is {placeholder: its value}.
    """
    own = " ".join(fill(step.rule.subject, named).split())
    return {
        "subject": (own or subject)[:300],
        "opening": fill(step.rule.text, named).strip(),
        "rule": step.rule,
        "step": step,
    }


def worded_of_engagement(engagement, step, claimed, subject):
    """The same for an email about an engagement, with the facts of ``facts_of``."""
    facts = facts_of(engagement)
    words = worded(step, placeholders(engagement, facts, step), subject)
    return facts | words | {"has_account": claimed.has_account}


def rendered(name, words, *, line, detail, links) -> EmailContent:
    """The email from the templates ``reminders/mail/<name>``, with ``words`` as context."""
    return EmailContent(
        subject=words["subject"],
        plain=render_to_string(f"reminders/mail/{name}.txt", words),
        html=render_to_string(f"reminders/mail/{name}.html", words),
        line=line,
        detail=detail,
        links=tuple(links),
    )


def page_of(name, engagement, anchor=""):
    """The whole URL of a page of an engagement, by the name of its URL."""
    path = reverse(name, args=[engagement.agreement.slug, engagement.pk])
    return f"{settings.SITE_URL}{path}{'#' if anchor else ''}{anchor}"


def one_line(text):
    """A title on one line, for a subject."""
    return " ".join(text.split())

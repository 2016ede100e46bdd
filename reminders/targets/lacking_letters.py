"""What mails say of what an engagement lacks: a reply, papers, a part of its record."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from engagements.presenters.checklist import lacking_after
from outbox.content import EmailContent
from pages.words import date_in_words, weekday_in_words
from reminders.notifications.engagement_facts import facts_of, start_of
from reminders.notifications.notices import earlier_in_words
from reminders.notifications.reply_links import answers_to
from reminders.notifications.rule_words import one_line, worded


def reply_text(engagement, step, claimed) -> EmailContent:
    """That a reply is missing, with the links by which it is given."""
    words = _words(
        engagement, step, claimed, f"Will you be there? {one_line(engagement.title)}, {start_of(engagement)}"
    )
    words |= {"replies": answers_to(engagement.pk), "earlier": earlier_in_words(claimed.facts)}
    return EmailContent(
        **_rendered("reply", words),
        line=one_line(engagement.title),
        detail=". ".join(filter(None, [words["when"], words["where"]])),
        links=tuple(words["replies"]),
    )


def papers_text(engagement, step, claimed) -> EmailContent | None:
    """That papers are due; None where the committee sets no day any more."""
    due_on = engagement.papers_due_on
    if due_on is None:
        return None
    due = due_in_words(due_on, timezone.localdate())
    words = _words(engagement, step, claimed, f"Papers {due}: {one_line(engagement.title)}, {start_of(engagement)}")
    words |= {"due_on": due_on, "due": due, "may_edit": claimed.facts.get("may_edit", False)}
    words["add_link"] = _page("engagements:new_document", engagement)
    open_it = [("Add papers", words["add_link"])] if words["may_edit"] else [("Open the record", words["link"])]
    return EmailContent(
        **_rendered("papers", words),
        line=one_line(engagement.title),
        detail=f"Papers {due}",
        links=tuple(open_it) if words["has_account"] else (),
    )


def unrecorded_text(engagement, step, claimed) -> EmailContent | None:
    """What its record lacks, with links straight to where that is put right; None where it lacks nothing any more."""
    lacking = [(item, _page(item.name, engagement, item.anchor)) for item in lacking_after(engagement)]
    if not lacking:
        return None
    title, day = one_line(engagement.title), date_in_words(engagement.starts_on)
    words = _words(engagement, step, claimed, f"The record is not complete: {title}, {day}")
    words |= {"lacking": lacking, "first": lacking[0], "may_edit": claimed.facts.get("may_edit", False)}
    links = [(item.link, link) for item, link in lacking]
    return EmailContent(
        **_rendered("unrecorded", words),
        line=f"{title}, {day}",
        detail=". ".join(item.text for item, _ in lacking),
        links=tuple(links) if words["may_edit"] else (),
    )


def due_in_words(due_on, today):
    """ "are due on Monday 23 November 2026", "are due today", "were due on Monday 23 November 2026"."""
    if due_on == today:
        return "are due today"
    return f"{'were' if due_on < today else 'are'} due on {weekday_in_words(due_on)}"


def _words(engagement, step, claimed, subject):
    facts = facts_of(engagement)
    named = {
        "title": engagement.title,
        "kind": engagement.get_kind_display().lower(),
        "date": weekday_in_words(engagement.starts_on),
        "when": facts["when"],
        "where": facts["where"],
        "join": engagement.joining_link,
        "hosts": facts["hosts"],
        "lead": step.lead_in_words,
        "agreement": str(engagement.agreement),
        "record": facts["link"],
    }
    return facts | worded(step, named, subject) | {"has_account": claimed.has_account}


def _rendered(name, words):
    return {
        "subject": words["subject"],
        "plain": render_to_string(f"reminders/mail/{name}.txt", words),
        "html": render_to_string(f"reminders/mail/{name}.html", words),
    }


def _page(name, engagement, anchor=""):
    path = reverse(name, args=[engagement.agreement.slug, engagement.pk])
    return f"{settings.SITE_URL}{path}{'#' if anchor else ''}{anchor}"

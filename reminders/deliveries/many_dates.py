"""The email about dates of a series that were created, changed or cancelled at once: one list, and a file for each."""

import datetime as dt
import json
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from icalendar import Calendar

from engagements.models import Participation
from engagements.presenters.replies import ANSWERS, reply_links, series_links
from outbox.content import CalendarFile, EmailContent
from pages.words import weekday_in_words
from reminders.models import Delivery
from reminders.notifications.engagement_facts import differences, facts_of, role_in_words, start_of
from reminders.notifications.notices import ON_AGAIN, WORDS, calendar_file

Kind = Delivery.Kind

OPENINGS = {
    "Invitation": ("You are invited to this meeting.", "You are invited to these {} meetings."),
    "On again": (
        "This meeting is going ahead after all.",
        "These {} meetings are going ahead after all.",
    ),
    "Moved": (
        "The time or place of this meeting has changed.",
        "The time or place of these {} meetings has changed.",
    ),
    "Cancelled": ("This meeting has been cancelled.", "These {} meetings have been cancelled."),
    "No longer invited": (
        "You are no longer invited to this meeting.",
        "You are no longer invited to these {} meetings.",
    ),
}
"""{``NoticeWords.subject``: the sentences above one date, and above several, with the same notice}."""


@dataclass
class DateRow:
    """One date in the email: when, where (unless all dates share it), and when and where it was."""

    starts: object
    title: str
    when: str
    where: str = ""
    was: dict = field(default_factory=dict)
    join: str = ""
    reason: str = ""
    reply: str = ""
    """Where the person replies for this date, if it is not in a series."""


@dataclass
class DateSection:
    """The dates with the same notice."""

    words: object
    rows: list = field(default_factory=list)

    @property
    def opening(self):
        """ "You are invited to these 12 meetings."."""
        one, many = OPENINGS[self.words.subject]
        return one if len(self.rows) == 1 else many.format(len(self.rows))

    @property
    def reason(self):
        """Why they do not take place, if all have the same reason; otherwise ''."""
        reasons = {row.reason for row in self.rows}
        return reasons.pop() if len(reasons) == 1 else ""


def text_of_many(ones, writers) -> EmailContent | None:
    """The ``EmailContent`` about these dates (``Claimed``) for one person; None where nothing is left to say."""
    live = [(one, writers["engagement"].rows.get(one.target_id)) for one in ones if one.target == "engagement"]
    live = [(one, engagement) for one, engagement in live if engagement]
    kept = [(one, writers["gone"].kept.get(one.target_id)) for one in ones if one.target == "gone"]
    kept = [(one, notice) for one, notice in kept if notice]
    if not (live or kept):
        return None
    sections = _sections(live, kept)
    context = _context(live, kept, sections)
    return EmailContent(
        subject=context["subject"],
        plain=render_to_string("reminders/mail/many_dates.txt", context),
        html=render_to_string("reminders/mail/many_dates.html", context),
        calendars=_files(live, kept, writers["engagement"].people if live else {}),
        line=f"{context['word']}: {context['title']}",
        detail=context["how_many"],
        links=tuple(context["replies"]),
    )


def _words_of(one):
    return ON_AGAIN if one.kind == Kind.INVITATION and one.facts.get("again") else WORDS[one.kind]


def _sections(live, kept):
    """The dates by their notice, each section in the order of time."""
    found = {words.subject: DateSection(words) for words in (WORDS[Kind.INVITATION], ON_AGAIN, *WORDS.values())}
    for one, engagement in live:
        facts = facts_of(engagement)
        was = differences(json.loads(one.facts.get("was") or "null"), engagement)
        row = DateRow(engagement.starts_at, engagement.title, facts["when"], facts["where"], was, facts["join"])
        row.reason = engagement.cancel_reason if engagement.is_off else ""
        if one.facts.get("place") and not engagement.series_id and _words_of(one).is_on:
            row.reply = reply_links(one.facts["place"], engagement.schedule_version)[Participation.Reply.ACCEPTED]
        found[_words_of(one).subject].rows.append(row)
    for one, notice in kept:
        event = Calendar.from_ical(notice.calendar).walk("VEVENT")[0]
        row = DateRow(_moment(event["DTSTART"].dt), str(event["SUMMARY"]), notice.when)
        found[WORDS[one.kind].subject].rows.append(row)
    for section in found.values():
        section.rows.sort(key=lambda row: row.starts)
    return [section for section in found.values() if section.rows]


def _context(live, kept, sections):
    """The context of the templates. Facts that all dates share are given once."""
    rows = sorted((row for section in sections for row in section.rows), key=lambda row: row.starts)
    one, engagement = live[0] if live else (kept[0][0], None)
    common = facts_of(engagement) if engagement else {"agreement": one_agreement(kept)}
    for name in ("where", "join"):
        shared = {getattr(row, name) for section in sections if section.words.is_on for row in section.rows}
        common[name] = shared.pop() if len(shared) == 1 else ""
    for row in rows:
        row.where = "" if row.where == common["where"] else row.where
    old_places = {row.was.get("where") for row in rows}
    common["was_where"] = old_places.pop() if len(old_places) == 1 and common["where"] else None
    if common["was_where"]:
        for row in rows:
            del row.was["where"]
    title, words = " ".join(rows[0].title.split()), {section.words.subject for section in sections}
    word = words.pop() if len(words) == 1 else "Changes"
    is_on = any(section.words.is_on for section in sections)
    replies = _replies(live) if is_on else []
    how_many = f"{len(rows)} dates from {rows[0].when}"
    return common | {
        "subject": f"{word}: {title}, {len(rows)} dates from {_start(live, rows[0])}"[:300],
        "word": word,
        "title": title,
        "engagement": engagement,
        "sections": sections,
        "how_many": how_many,
        "is_on": is_on,
        "role": role_in_words(one.facts.get("role")) if is_on else "",
        "replies": replies,
        "link": _series_page(engagement),
        "has_account": one.has_account,
    }


def one_agreement(kept):
    """The agreement of dates that were all deleted: only their stored notices are left."""
    return Delivery.objects.select_related("agreement").get(pk=kept[0][0].delivery_id).agreement


def _start(live, row):
    """ "Tuesday 8 December 2026, 14:00": when the first of the dates is."""
    first = next((each for _, each in live if each.starts_at == row.starts), None)
    if first:
        return start_of(first)
    return weekday_in_words(row.starts) + (f", {row.starts:%H:%M}" if ":" in row.when else "")


def _replies(live):
    """Pairs of words and URL by which the person replies for all dates of the series at once."""
    places = [(one, each) for one, each in live if one.facts.get("place") and each.series_id]
    if not places:
        return []
    links = series_links(places[0][0].person_id, places[0][1].series_id)
    return [(word, links[answer]) for answer, word in ANSWERS]


def _series_page(engagement):
    if engagement is None or not engagement.series_id:
        return ""
    path = reverse("engagements:series", args=[engagement.agreement.slug, engagement.series_id])
    return settings.SITE_URL + path


def _files(live, kept, people):
    """A calendar file for each date, so that each entry changes in place.

    RFC 5546 (3.2.2, 3.2.5) has one UID in a REQUEST or a CANCEL, and each date has its own.
    """
    found = []
    for one, engagement in sorted(live, key=lambda pair: pair[1].starts_at):
        method = "REQUEST" if _words_of(one).is_on else "CANCEL"
        person = people[one.facts["person"]]
        found.append(calendar_file(engagement, person, method, one.facts, f"{engagement.starts_on:%Y-%m-%d}"))
    for _, notice in kept:
        event = Calendar.from_ical(notice.calendar).walk("VEVENT")[0]
        found.append(CalendarFile(notice.calendar, "CANCEL", f"{event['DTSTART'].dt:%Y-%m-%d}"))
    return tuple(found)


def _moment(start):
    """The start of an event as a datetime, which can be sorted; a day without a time begins at midnight UTC."""
    return start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time(), dt.UTC)

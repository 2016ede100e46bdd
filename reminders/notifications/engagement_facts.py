"""What every mail about an engagement says of it."""

from django.conf import settings

from engagements.models import Participation
from engagements.rules.words import place_in_words, when_anywhere
from pages.words import weekday_in_words, zone_in_words


def time_and_place(engagement):
    """When and where it is, as mails say it; of one that is moved, what its readers are told that it was."""
    place = place_in_words(engagement)
    return {
        "when": when_anywhere(engagement),
        "where": place[:1].upper() + place[1:],
        "join": engagement.joining_link,
    }


def differences(was, engagement):
    """What of ``was`` (as ``time_and_place`` gave it, or None) is otherwise now: {"when": "Tuesday 8 December …"}."""
    now = time_and_place(engagement)
    return {name: words for name, words in (was or {}).items() if words != now.get(name)}


def facts_of(engagement):
    """When, where and who hosts, as the templates of mails have it, by name."""
    hosts = " and ".join(str(host) for host in engagement.hosts.all())
    return {
        "engagement": engagement,
        "agreement": engagement.agreement,
        **time_and_place(engagement),
        "hosts": hosts,
        "link": settings.SITE_URL + engagement.get_absolute_url(),
    }


def start_of(engagement):
    """ "Tuesday 8 December 2026, 14:00", with the zone where it is not the site's."""
    start = weekday_in_words(engagement.starts_on)
    if engagement.start_time:
        start += f", {engagement.start_time:%H:%M}"
        if engagement.time_zone != settings.TIME_ZONE:
            start += f" {zone_in_words(engagement.time_zone)}"
    return start


def role_in_words(role):
    """ "speaker"; "" for one who just takes part, or no more."""
    return Participation.Role(role).label.lower() if role and role != "participant" else ""


PLACEHOLDERS = {
    "title": "the engagement's title",
    "kind": "its kind, such as roundtable",
    "date": "the day, such as Tuesday 8 December 2026",
    "when": "day and times in full",
    "where": "the place, or online",
    "join": "the joining link",
    "hosts": "who hosts it",
    "lead": "how long before, such as 2 days before",
    "agreement": "the agreement's name",
    "record": "the address of the record",
}
"""What the words of a rule about engagements may hold in braces."""


def placeholders(engagement, facts, step):
    """{placeholder: what it becomes}; ``facts`` are those of ``facts_of``."""
    return {
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

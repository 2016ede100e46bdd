"""Facts about an engagement that every email about it gives."""

from django.conf import settings

from engagements.models import Participation
from engagements.rules.words import place_in_words, when_anywhere
from pages.words import weekday_in_words, zone_in_words


def time_and_place(engagement):
    """When and where it is, in the words of emails. Of one that is moved, it is kept as ``Delivery.previous``."""
    place = place_in_words(engagement)
    return {
        "when": when_anywhere(engagement),
        "where": place[:1].upper() + place[1:],
        "join": engagement.joining_link,
    }


def differences(was, engagement):
    """The parts of ``was`` (from ``time_and_place``, or None) that have changed: {"when": "Tuesday 8 December …"}."""
    now = time_and_place(engagement)
    return {name: words for name, words in (was or {}).items() if words != now.get(name)}


def facts_of(engagement):
    """The context that templates of emails about an engagement share: when, where, hosts and link."""
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
    """ "speaker"; "" for an ordinary participant, or a person who no longer takes part."""
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
"""{placeholder: its description} for the words of rules about engagements."""


def placeholders(engagement, facts, step):
    """{placeholder: its value}; ``facts`` are those of ``facts_of``."""
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

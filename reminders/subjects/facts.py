"""What every mail about an engagement says of it."""

from django.conf import settings

from engagements.models import Participation
from engagements.words import days_in_words, place_in_words, times_in_words


def facts_of(engagement):
    """When, where and whom to tell, as the templates of mails have it, by name."""
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
        "link": settings.SITE_URL + engagement.get_absolute_url(),
    }


def start_of(engagement):
    """ "Tuesday 8 December, 14:00", with the zone where it is not the site's."""
    start = f"{engagement.starts_on:%A %-d %B}"
    if engagement.start_time:
        start += f", {engagement.start_time:%H:%M}"
        if engagement.time_zone != settings.TIME_ZONE:
            start += f" {engagement.time_zone.replace('_', ' ')} time"
    return start


def role_in_words(role):
    """ "speaker"; "" for one who just takes part, or no more."""
    return Participation.Role(role).label.lower() if role and role != "participant" else ""

"""What the tests of this room's pages share: days around today, and addresses."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from tests.factories import EngagementFactory


def day(days):
    """The day so many days from today."""
    return timezone.localdate() + dt.timedelta(days=days)


def held(cast, **fields):
    """An engagement held a week ago."""
    return EngagementFactory(**{"agreement": cast.agreement, "status": "held", "starts_on": day(-7)} | fields)


def planned(cast, **fields):
    """An engagement planned for in a week."""
    return EngagementFactory(**{"agreement": cast.agreement, "status": "planned", "starts_on": day(7)} | fields)


def address(name, row, **more):
    """The address of a page of ``row``: an engagement, an action or a committee."""
    return reverse(f"engagements:{name}", kwargs={"agreement": row.agreement.slug, "pk": row.pk, **more})


def person_of(user, agreement):
    """The person in the address book that ``user`` is."""
    return agreement.people.get(user=user)


def said(response):
    """The messages of a page that was followed to, as texts."""
    return [str(message) for message in response.context["messages"]]

"""The Celery application of the soak: the product's, with waits of seconds where it has minutes; and what it is fed."""

import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reminders.soak_settings")

import django

django.setup()

from config.celery import app  # noqa: E402  (models are loaded only now)
from outbox.operations import sending  # noqa: E402  (models are loaded only now)

__all__ = ["app"]

sending.ABANDONED_AFTER = timedelta(seconds=4)
sending.BACK_OFF = [timedelta(seconds=1)] * 15
sending.BATCH = (25, 25, 25)


BEGINS_AFTER = timedelta(seconds=15)


def feed(people, late):
    """Meetings of 50 people each in two days, of which all are to be told now; and one of ``late`` that begins soon."""
    import datetime as dt

    from django.core.management import call_command
    from django.utils import timezone

    from contacts.models import Person
    from engagements.models import Participation
    from reminders.deliveries import ledger
    from reminders.models import Rule, Step
    from tests.factories import AgreementFactory, EngagementFactory

    call_command("migrate", verbosity=0)
    agreement = AgreementFactory()
    rule = Rule.objects.create(
        agreement=agreement, name="Roundtables", engagement_kinds=["roundtable"], on_working_days=False
    )
    Step.objects.create(agreement=agreement, rule=rule, days=-2, at=dt.time(0), counts_from=ledger.EVER)
    names = [f"p{n}" for n in range(people)]
    readers = Person.objects.bulk_create(
        Person(agreement=agreement, name=name, email=f"{name}@people.example") for name in names
    )
    for first in range(0, people, 50):
        meeting = EngagementFactory(
            agreement=agreement,
            kind="roundtable",
            status="planned",
            starts_on=timezone.localdate() + dt.timedelta(days=2),
            start_time=dt.time(12),
        )
        Participation.objects.bulk_create(
            Participation(agreement=agreement, engagement=meeting, person=person)
            for person in readers[first : first + 50]
        )
    on_the_day = Rule.objects.create(
        agreement=agreement, name="Workshops", engagement_kinds=["workshop"], on_working_days=False
    )
    Step.objects.create(agreement=agreement, rule=on_the_day, days=0, at=dt.time(0), counts_from=ledger.EVER)
    begins = timezone.localtime(timezone.now() + BEGINS_AFTER).replace(microsecond=0)
    soon = EngagementFactory(
        agreement=agreement,
        kind="workshop",
        status="planned",
        starts_on=begins.date(),
        start_time=begins.time(),
        time_zone=str(begins.tzinfo),
    )
    put_off = Person.objects.bulk_create(
        Person(agreement=agreement, name=f"Late {n}", email=f"late{n}@people.example") for n in range(late)
    )
    Participation.objects.bulk_create(
        Participation(agreement=agreement, engagement=soon, person=person) for person in put_off
    )
    ledger.plan_all(timezone.now())


if __name__ == "__main__":
    feed(*map(int, sys.argv[1:]))

"""What each compiled query saves: the time that the ORM takes to put its statement together, less that to fill it in.

The demo's pages are opened as a lead, and each compiled query is measured with the arguments of its first call. The
decision to compile one rests on this table: see ``records.compiled_queries``.
"""

import statistics
import time
from contextlib import contextmanager, suppress

ROUNDS = 60
WORTH_IT = 1.0
"""Milliseconds that a query, or those of one page together, must save to be compiled."""


def pages():
    """Addresses of the demo that between them ask everything that is compiled."""
    from commitments.models import Commitment
    from contacts.models import Organisation, Person
    from engagements.models import Committee, Engagement, Feed, Series

    base = "/agreements/lga-techuk/"
    coming = Engagement.objects.filter(agreement__slug="lga-techuk", status="planned").earliest("starts_on")
    rows = {
        "engagements": Engagement.objects.filter(status="held").latest("starts_on"),
        "commitments": Commitment.objects.earliest("pk"),
        "contacts/organisations": Organisation.objects.filter(party=None).earliest("pk"),
        "contacts/people": Person.objects.filter(user__email="lead@lga.example").get(),
        "committees": Committee.objects.earliest("pk"),
        "engagements/series": Series.objects.earliest("pk"),
    }
    lists = [
        "",
        "engagements/",
        "engagements/?q=cyber",
        "engagements/?host=1",
        "commitments/",
        "commitments/rules/plan/",
    ]
    lists += ["workstreams/", "workstreams/cyber-security/", "actions/", "calendar/", "committees/", "contacts/"]
    lists += ["contacts/organisations/", "reminders/", "my-week/", "about/", f"engagements/{coming.pk}/"]
    found = [f"{base}{name}" for name in lists] + [f"{base}{name}/{row.pk}/" for name, row in rows.items()]
    return found + [feed.path for feed in Feed.objects.all()[:1]]


@contextmanager
def recorded():
    """The arguments of the first call of each compiled query, while pages are opened: {query: arguments}."""
    from records.compiled_queries import CompiledQuery

    first, statement = {}, CompiledQuery.statement

    def remember(query, given):
        first.setdefault(query, given)
        return statement(query, given)

    CompiledQuery.statement = remember
    try:
        yield first
    finally:
        CompiledQuery.statement = statement


def milliseconds(work):
    """The median of doing ``work``."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def saved_by(query, given):
    """(by the ORM, filled in), both in milliseconds."""
    from django.core.exceptions import EmptyResultSet

    def by_the_orm():
        rows = query.ask(**given)
        with suppress(EmptyResultSet):
            rows.query.get_compiler(using=rows.db).as_sql()

    statement = query.statement(given)
    return milliseconds(by_the_orm), milliseconds(lambda: (statement.queryset.all(), statement.params(given)))


def main():
    """Print the table, the most saving first."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from tests.bench.__main__ import fresh_database

    fresh_database()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client(headers={"host": "localhost"})
    user = get_user_model().objects.get(email="lead@lga.example")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    with recorded() as first:
        for page in pages():
            answer = client.get(page, follow=True)
            if answer.status_code != 200:
                raise SystemExit(f"{page} answered {answer.status_code}.")
    rows = {(query.__module__, query.__qualname__): saved_by(query, given) for query, given in first.items()}
    print("ms to compile a query: by the ORM, filled in, saved")
    for (module, name), (orm, filled) in sorted(rows.items(), key=lambda row: row[1][1] - row[1][0]):
        beside = sum(one - other for (where, _), (one, other) in rows.items() if where == module)
        together = f"  with the others of its page {beside:.2f}" if orm - filled < WORTH_IT else ""
        print(f"  {f'{module}.{name}':56}{orm:8.2f}{filled:8.2f}{orm - filled:8.2f}{together}")
    print(f"  {'all':56}{sum(orm - filled for orm, filled in rows.values()):24.2f}")

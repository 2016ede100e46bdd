"""Making the demonstration, and taking it away."""

import pghistory
import pgtrigger
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from pghistory.core import event_models

from commitments.recording import reconstruct_statuses, record_statuses
from demo import (
    address_book,
    agreement_terms,
    evidence,
    papers,
    participations,
    plan,
    programme,
    reminder_history,
    reminder_rules,
    second_agreement,
    sign_ins,
)
from demo.data import Calendar, read
from demo.lookup import Book
from engagements.models import Document
from partnership.models import Agreement

SLUGS = ("lga-techuk", "elsewhere")
"""Where the agreements of the demonstration stand."""


def is_loaded():
    """Whether the demonstration is there."""
    return Agreement.objects.filter(is_demo=True).exists()


@transaction.atomic
def load():
    """Make the demonstration as of now, all of it or nothing. Returns its main agreement.

    There is no other "now" to choose: much of it is made by the product's own operations, which read the clock.
    """
    calendar = Calendar(timezone.now())
    facts, contacts, events = read("agreement"), read("contacts"), read("programme")
    agreement, parties = agreement_terms.make_agreement(facts)
    make_contacts(agreement, facts, contacts, parties, calendar)
    with pghistory.context(verb="load demonstration"):
        workstreams = agreement_terms.make_workstreams(agreement, facts, parties)
        agreement_terms.make_commitments(agreement, facts, parties, workstreams)
        reminder_rules.make_rules(agreement)
    make_record(Book(agreement, calendar), facts, events)
    second_agreement.make_other_agreement(calendar)
    sign_ins.make_administrator()
    sign_ins.set_passwords()
    return agreement


def make_contacts(agreement, facts, contacts, parties, calendar):
    """Organisations and people, with those who sign in, and the committee."""
    mail = {row["name"]: row["mail"] for row in facts["party"]}
    organisations = address_book.make_organisations(agreement, contacts["organisation"])
    for row in facts["sign_in"]:
        if "organisation" in row:
            address_book.make_member(agreement, row, organisations)
    sign_ins.give_roles(agreement, facts["sign_in"], parties)
    address_book.make_people(agreement, contacts["organisation"], organisations, mail)
    address_book.make_committee(agreement, contacts["committee"], organisations, calendar)


def make_record(book, facts, events):
    """Engagements, who took part, what came of them, their papers; then reminders are planned as for any other."""
    pairs = programme.make_engagements(book, events["engagement"])
    programme.make_public_events(book, facts["public_event"])
    programme.make_series(book, events["series"])
    with pghistory.context(verb="load demonstration"):
        participations.make_participations(book, pairs)
        programme.make_outcomes(book, pairs, events["action"])
        papers.make_papers(book, pairs)
    programme.backdate(book.agreement)
    reminder_history.make_history(book.agreement, book.calendar.now)
    with pghistory.context(verb="load demonstration"):
        reminder_rules.make_choices(book.agreement, book.calendar.today)
    programme.change_some(book)
    evidence.make_evidence(book, facts["evidence"])
    plan.make_plan(book, facts["plan"])
    sign_ins.make_feeds(book.agreement)
    record_statuses(book.agreement, book.calendar.now)
    reconstruct_statuses(book.agreement, book.calendar.today)
    reminder_history.catch_up(book.agreement, book.calendar.now)


@transaction.atomic
def clear():
    """Take the demonstration away: its agreements with all that is in them, their history too, and its users."""
    agreements = Agreement.objects.filter(is_demo=True)
    keys = list(agreements.values_list("pk", flat=True))
    files = [document.file for document in Document.objects.filter(agreement__in=keys)]
    with pgtrigger.ignore():
        agreements.delete()
        get_user_model().objects.filter(email__in=sign_ins.emails()).delete()
    for events in event_models():
        events.objects.filter(
            **{"pgh_obj__in" if events.pgh_tracked_model is Agreement else "agreement__in": keys}
        ).delete()
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])

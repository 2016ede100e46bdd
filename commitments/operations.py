"""Operations on commitments, their evidence, and the plan."""

from datetime import timedelta

from django.db.models import Max

from commitments.models import Commitment, CommitmentWorkstream, Evidence, PastMeasure, PlanNumber
from contacts.models import Person
from engagements.models.engagement import Kind
from partnership.involvement import why_not_deleted
from partnership.models import Agreement
from records.deletion import InUseError
from records.edit_conflicts import ConflictError, Difference, Part, compare, mark, merge
from records.locks import lock
from records.one_time_key import save_once
from records.verbs import verb


@verb(past="added")
def add_commitment(commitment, *, workstreams=(), by):
    """Save a new commitment, last in its list, and return it.

    Sent twice with one ``form_key``, it is saved once, and the first one is returned.
    """
    commitments = Commitment.objects.of(commitment.agreement)
    commitment.position = (commitments.aggregate(last=Max("position"))["last"] or 0) + 1
    commitment, is_new = save_once(commitment)
    if is_new:
        _set_workstreams(commitment, workstreams)
    return commitment


@verb
def save_commitment(commitment, *, workstreams=None, seen=None, by):
    """Save a commitment whose fields were changed in memory. Returns the commitment.

    With ``workstreams`` of None, its workstreams stay. ``seen`` is passed to ``merge``, which may raise ConflictError.
    A changed measure applies from ``measured_from``; the former one is kept for the days before.
    """
    current = lock(Commitment, commitment.pk)
    parts = {}
    if workstreams is not None:
        parts["workstreams"] = Part("Workstreams", list(current.workstreams.all()), list(workstreams))
    kept = merge(commitment, seen, current=current, **parts)
    _keep_measure(current, commitment)
    commitment.save()
    if workstreams is not None and "workstreams" not in kept:
        _set_workstreams(commitment, workstreams)
    return commitment


MEASURE = ("measure", "rhythm_count", "rhythm_period", "rhythm_kinds", "due_on", "is_illustrative")
"""The fields that say how a commitment is judged."""


def _keep_measure(current, commitment):
    """Keep the former measure of ``commitment`` until the day before its new measure applies."""
    is_another = any(getattr(current, name) != getattr(commitment, name) for name in MEASURE)
    if is_another and commitment.measured_from > current.measured_from:
        PastMeasure.objects.create(
            agreement_id=current.agreement_id,
            commitment=current,
            applies_from=current.measured_from,
            applies_until=commitment.measured_from - timedelta(days=1),
            **{name: getattr(current, name) for name in MEASURE},
        )
    else:
        # The same measure, or a correction of it: it applies from the same day as before, or from an earlier one.
        commitment.measured_from = min(commitment.measured_from, current.measured_from)


@verb(past="deleted")
def delete_commitment(commitment, *, by):
    """Delete a commitment entered by mistake. The history keeps it.

    Raises InUseError once another party has a part in it.
    """
    Commitment.objects.select_for_update(of=("self",)).filter(pk=commitment.pk).first()
    if why := why_kept(commitment, by):
        raise InUseError(why)
    commitment.delete()


def why_kept(commitment, by):
    """A sentence that says why ``by`` may not delete a commitment; "" where they may."""
    events = [model.pgh_event_model.objects for model in (CommitmentWorkstream, Evidence)]
    parts = [rows.filter(commitment=commitment.pk) for rows in events]
    return why_not_deleted(commitment, by, *parts, noun="commitment")


@verb(past="marked")
def mark_met(commitment, *, on, by):
    """Record that a promise with a due date was kept ``on`` that day; None: it has not been kept yet after all."""
    commitment.met_on = on
    commitment.save(update_fields=["met_on"])


class CannotCountError(Exception):
    """An engagement cannot be made to count; the message says why, for people to read."""


@verb(past="added")
def add_evidence(commitment, engagement, *, reason, by):
    """Make ``engagement`` count towards ``commitment``, whatever the rule says.

    Raises CannotCountError for public events.
    """
    if engagement.is_public_event:
        raise CannotCountError("A public event of one party is not under the agreement, so it counts towards nothing.")
    return _save_evidence(commitment, engagement, counts=True, reason=reason, by=by)


@verb(past="struck")
def strike_out(commitment, engagement, *, reason, by):
    """Make ``engagement`` not count towards ``commitment``, whatever the rule says."""
    return _save_evidence(commitment, engagement, counts=False, reason=reason, by=by)


@verb(past="withdrew")
def withdraw_evidence(evidence, *, by):
    """Delete ``evidence``: the rule alone decides again. Raises InUseError where another party has set it."""
    if why := why_not_deleted(evidence, by, noun="evidence"):
        raise InUseError(why)
    evidence.delete()


@verb
def save_plan(agreement, year, numbers, *, seen=None, by):
    """Make ``numbers``, {kind: number}, the plan of an agreement year (``AgreementYear``).

    Without numbers, its plan is the sum of the rhythms. ``seen`` are the marks of the numbers when the form was opened,
    or None without a form. A number that only somebody else changed stays theirs. Raises ConflictError where both
    changed the same number. Two people who save at once are handled one after the other.
    """
    lock(Agreement, agreement.pk)
    rows = PlanNumber.objects.filter(agreement=agreement, year=year.number)
    numbers = _merged(dict(rows.values_list("kind", "number")), numbers, seen or {})
    rows.exclude(kind__in=numbers).delete()
    for kind, number in numbers.items():
        given = {"number": number, "set_for": year.starts_on}
        PlanNumber.objects.update_or_create(agreement=agreement, year=year.number, kind=kind, defaults=given)
    return True


def _merged(stored, numbers, seen):
    theirs, mine = ({kind: given.get(kind) for kind in Kind.values} for given in (stored, numbers))
    kept, both = compare(theirs, mine, seen)

    def differences(kinds):
        words = ((kind, *("" if each[kind] is None else f"{each[kind]}" for each in (theirs, mine))) for kind in kinds)
        return [Difference(kind, Kind(kind).label, *numbers) for kind, *numbers in words]

    if both:
        raise ConflictError(differences(both), differences(kept), {kind: mark(theirs[kind]) for kind in both})
    merged = mine | {kind: theirs[kind] for kind in kept}
    return {kind: number for kind, number in merged.items() if number is not None}


@verb(past="deleted")
def delete_plan_number(number, *, by):
    """Take one number out of the plan of its year, whether or not the agreement still has an effective date."""
    number.delete()


def _save_evidence(commitment, engagement, *, counts, reason, by):
    """Save the evidence about an engagement. A later decision replaces an earlier one."""
    person = Person.objects.for_user(by, commitment.agreement) if by else None
    evidence, _ = Evidence.objects.update_or_create(
        commitment=commitment,
        engagement=engagement,
        defaults={"agreement_id": commitment.agreement_id, "counts": counts, "reason": reason, "added_by": person},
    )
    return evidence


def _set_workstreams(commitment, workstreams):
    """Set the workstreams of ``commitment``. Links that stay keep their rows."""
    links = CommitmentWorkstream.objects.filter(commitment=commitment)
    links.exclude(workstream__in=workstreams).delete()
    there = set(links.values_list("workstream_id", flat=True))
    CommitmentWorkstream.objects.bulk_create(
        CommitmentWorkstream(agreement_id=commitment.agreement_id, commitment=commitment, workstream=workstream)
        for workstream in workstreams
        if workstream.pk not in there
    )

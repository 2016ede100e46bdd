"""Operations on workstreams and their leads."""

from django.utils import timezone

from records.deletion import delete_unless_used
from records.verbs import verb


@verb
def save_workstream(workstream, *, by):
    """Save a new or changed workstream. Returns the workstream."""
    workstream.save()
    return workstream


@verb(past="archived")
def archive_workstream(workstream, *, by):
    """Stop offering a workstream from today; its records stay. Archived again, it keeps its first day. Returns it."""
    workstream.archived_on = workstream.archived_on or timezone.localdate()
    workstream.save(update_fields=["archived_on"])
    return workstream


@verb(past="restored")
def restore_workstream(workstream, *, by):
    """Offer an archived workstream again. Returns it."""
    workstream.archived_on = None
    workstream.save(update_fields=["archived_on"])
    return workstream


@verb(past="deleted")
def delete_workstream(workstream, *, by):
    """Delete a workstream entered by mistake. InUseError once work has been done in it."""
    sentence = f"Work has been done in {workstream}, so it cannot be deleted. Archive it instead."
    delete_unless_used(workstream, sentence)


@verb
def save_lead(lead, *, by):
    """Save a new or changed lead, with the agreement of the workstream. Returns the lead."""
    lead.agreement_id = lead.workstream.agreement_id
    lead.save()
    return lead


@verb(past="deleted")
def delete_lead(lead, *, by):
    lead.delete()

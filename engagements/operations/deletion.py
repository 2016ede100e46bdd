"""Whether a record may be deleted by the user who asks: the questions of the pages, and the check of the verbs."""

from engagements.models import (
    Action,
    Decision,
    Document,
    EngagementHost,
    EngagementWorkstream,
    Note,
    Participation,
    Seat,
    SeriesHost,
    SeriesPerson,
    SeriesWorkstream,
)
from engagements.models.papers import OfParty
from partnership.involvement import why_not_deleted
from records.deletion import InUseError

OF_ENGAGEMENT = (EngagementHost, EngagementWorkstream, Participation, Decision, Action, Note, Document)
OF_SERIES = (SeriesHost, SeriesWorkstream, SeriesPerson)

NOT_A_PART = {
    *("give reply", "give replies", "give calendar reply"),
    *("save seat", "delete seat", "change seats"),
}
"""Whoever replies to an invitation, or changes the seats that planned meetings follow, has not worked on a record."""

NOUNS = {"engagement": "record", "document": "paper"}
"""What people call a row, where it is not the model's own name."""


def why_kept(row, by):
    """Why ``by`` may not delete a row of this app that people log, in a sentence; "" where they may."""
    name = row._meta.model_name
    if by and isinstance(row, OfParty) and not row.may_be_changed_by(row.agreement.party_of(by)):
        noun, who = NOUNS.get(name, name), row.by_party
        return f"You cannot delete this {noun}, because {who} added it. Only {who} can delete it."
    papers = [model.objects.filter(engagement=row.pk) for model in (Note, Document)] if name == "engagement" else []
    also = {key for rows in papers for key in rows.values_list("by_party", flat=True)}
    but = NOT_A_PART if name == "engagement" else ()
    return why_not_deleted(row, by, *_parts_of(row, name), also=also, but=but, noun=NOUNS.get(name, name))


def check_deletable(row, by):
    """InUseError, with the sentence, where ``by`` may not delete ``row``. The row is locked, so nothing is added."""
    type(row)._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if why := why_kept(row, by):
        raise InUseError(why)


def _parts_of(row, name):
    models, link = {
        "engagement": (OF_ENGAGEMENT, "engagement"),
        "series": (OF_SERIES, "series"),
        "committee": ((Seat,), "committee"),
    }.get(name, ((), ""))
    return [model.pgh_event_model.objects.filter(**{link: row.pk}) for model in models]

"""Whether a user may delete a record: the reason for the pages, and the check for the operations."""

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
"""Operations that are no work on a record: replies, and changes of seats that planned meetings follow."""

NOUNS = {"engagement": "record", "document": "paper"}
"""{name of a model: the word that people use for its rows}, where they differ."""


def why_kept(row, by):
    """A sentence why ``by`` may not delete ``row``, a row of this app that people log; "" where they may."""
    name = row._meta.model_name
    if by and isinstance(row, OfParty) and not row.may_be_changed_by(row.agreement.party_of(by)):
        noun, who = NOUNS.get(name, name), row.by_party
        return f"You cannot delete this {noun}, because {who} added it. Only {who} can delete it."
    papers = [model.objects.filter(engagement=row.pk) for model in (Note, Document)] if name == "engagement" else []
    also = {key for rows in papers for key in rows.values_list("by_party", flat=True)}
    but = NOT_A_PART if name == "engagement" else ()
    return why_not_deleted(row, by, *_parts_of(row, name), also=also, but=but, noun=NOUNS.get(name, name))


def check_deletable(row, by):
    """InUseError, with the reason, where ``by`` may not delete ``row``. Locks it, so that nothing is added."""
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

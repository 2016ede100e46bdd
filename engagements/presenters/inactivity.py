"""Finds since when nothing has been held in a workstream. The day of an engagement counts, not that of its record."""

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from engagements.models import EngagementWorkstream
from partnership.models import Agreement, AgreementDate
from workstreams.models import Workstream


def watched_workstreams(keys):
    """Return the workstreams with these keys that should have engagements: not archived, of an agreement in force.

    Adds ``last_on``, the day of the last held engagement under the agreement, or None; and ``quiet_since``: that day,
    or else the first day on which something could have been held. That is the later of the day when the agreement took
    effect and the day when the workstream was created.
    """
    links = EngagementWorkstream.objects.filter(workstream=OuterRef("pk"))
    held = links.filter(engagement__status="held", engagement__is_public_event=False)
    effective = AgreementDate.objects.filter(agreement=OuterRef("agreement"), kind=AgreementDate.Kind.EFFECTIVE)
    # GREATEST ignores NULL.
    begins = Greatest(Subquery(effective.values("on")[:1]), TruncDate("created_at"), output_field=DateField())
    rows = Workstream.objects.current().filter(pk__in=keys, agreement__status=Agreement.Status.IN_FORCE)
    return rows.annotate(
        last_on=Subquery(held.order_by("-engagement__starts_on").values("engagement__starts_on")[:1])
    ).annotate(quiet_since=Coalesce("last_on", begins))

"""Since when nothing has been held: by the day of an engagement, never by when it was written down."""

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from engagements.models import EngagementWorkstream
from partnership.models import Agreement, AgreementDate
from workstreams.models import Workstream


def watched_workstreams(keys):
    """The workstreams with these keys that something should be held for: not archived, of an agreement in force.

    Adds ``last_on``, the day on which an engagement under the agreement was held last, or None; and ``quiet_since``,
    that day, else the one from which something could have been held: the later of when the agreement took effect and
    when the workstream was made.
    """
    links = EngagementWorkstream.objects.filter(workstream=OuterRef("pk"))
    held = links.filter(engagement__status="held", engagement__is_public_event=False)
    effective = AgreementDate.objects.filter(agreement=OuterRef("agreement"), kind=AgreementDate.Kind.EFFECTIVE)
    # GREATEST leaves out what is not known.
    begins = Greatest(Subquery(effective.values("on")[:1]), TruncDate("created_at"), output_field=DateField())
    rows = Workstream.objects.current().filter(pk__in=keys, agreement__status=Agreement.Status.IN_FORCE)
    return rows.annotate(
        last_on=Subquery(held.order_by("-engagement__starts_on").values("engagement__starts_on")[:1])
    ).annotate(quiet_since=Coalesce("last_on", begins))

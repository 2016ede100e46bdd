"""The page that describes an agreement in plain words."""

from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone

from pages.access import agreement_page
from partnership.models import AgreementDate, Membership


@agreement_page
def about(request):
    """Parties, term, aims and people of the agreement; every date with its source and certainty."""
    agreement = request.access.agreement
    sides = {party: [] for party in agreement.parties.all()}
    for member in members(request.user, agreement):
        sides.setdefault(member.party, []).append(member)
    context = term(agreement, timezone.localdate()) | {
        "nav_here": "agreement",
        "sides": list(sides.items()),
        "dates": agreement.dates.all(),
    }
    return render(request, "dashboards/about.html", context)


def members(user, agreement):
    """The memberships of users who may sign in, by party and name; those without a party last."""
    rows = Membership.objects.visible_to(user).of(agreement).filter(user__is_active=True)
    return rows.select_related("user", "party").order_by("party__position", "user__name", "user__email")


def term(agreement, today):
    """A dict with the place of ``today`` in the agreement's term: year, day, percent and so on; None where unknown."""
    prefetch_related_objects([agreement], "dates")
    effective, end = (agreement.date_of(kind) for kind in (AgreementDate.Kind.EFFECTIVE, AgreementDate.Kind.END))
    year = agreement.year_on(today) if effective and effective.on <= today else None
    day = year.day_number(today) if year else None
    return {
        "effective": effective,
        "end": end,
        "year": year,
        "day": day,
        "percent": round(100 * day / year.length) if year else None,
        "is_past_its_end": bool(end and end.on < today),
    }

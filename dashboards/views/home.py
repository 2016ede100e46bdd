"""Where one lands: on one's agreement's dashboard, on a list of agreements, or on what to do first."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from partnership.models import Agreement, Membership


@login_required
def home(request):
    """One agreement: to its dashboard. Several, or ``?all``: a list of them. None: what to do about it.

    ``?welcome``, to which a mailed link to choose a password leads, adds to each what to do there first.
    """
    agreements = list(Agreement.objects.visible_to(request.user).with_effective_date())
    if len(agreements) == 1 and not {"all", "welcome"} & request.GET.keys():
        return redirect("dashboards:dashboard", agreements[0].slug)
    memberships = Membership.objects.filter(user=request.user).select_related("party")
    roles = {membership.agreement_id: membership for membership in memberships}
    rows = [(agreement, roles.get(agreement.pk)) for agreement in agreements]
    return render(request, "dashboards/home.html", {"rows": rows, "is_new": "welcome" in request.GET})

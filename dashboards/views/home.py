"""The start page: a redirect to the dashboard of the only agreement, a list of agreements, or what to do first."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from partnership.models import Agreement, Membership


@login_required
def home(request):
    """With one agreement, redirect to its dashboard; with several, or ``?all``, list them; with none, say what to do.

    The emailed link to choose a password leads to ``?welcome``, which adds to each agreement what to do there first.
    """
    agreements = list(Agreement.objects.visible_to(request.user).with_effective_date())
    if len(agreements) == 1 and not {"all", "welcome"} & request.GET.keys():
        return redirect("dashboards:dashboard", agreements[0].slug)
    memberships = Membership.objects.filter(user=request.user).select_related("party")
    roles = {membership.agreement_id: membership for membership in memberships}
    rows = [(agreement, roles.get(agreement.pk)) for agreement in agreements]
    return render(request, "dashboards/home.html", {"rows": rows, "is_new": "welcome" in request.GET})

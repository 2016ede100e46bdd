"""Pages around signing in, and the error page of a stale form."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def stale_form(request, reason=""):
    """A form whose token is stale or missing: say so in the site's own dress, with a way back. Status 403."""
    return render(request, "403_csrf.html", status=403)


def admin_login(request):
    """Django admin's own sign-in is the site's. Someone signed in who is no administrator is told so (403)."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("Django admin is for administrators of Concord.")
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")

"""Pages around signing in, the keys of the keyboard, and the error page of a stale form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import switch_shortcuts

SHORTCUTS = [
    ("?", "Show this page"),
    ("/", "Search engagements"),
    ("n", "Log an engagement, if you are an officer"),
    ("g d", "Go to the dashboard"),
    ("g e", "Go to the engagements"),
    ("g m", "Go to the commitments"),
    ("g a", "Go to the actions"),
    ("g c", "Go to the calendar"),
    ("g w", "Go to my week"),
]
"""What stands in ``data-keys`` of a link or field, and what it is for."""


@requires_csrf_token
def stale_form(request, reason=""):
    """A form whose token is stale or missing: say so in the site's own dress, with a way back. Status 403."""
    return render(request, "403_csrf.html", status=403)


def admin_login(request):
    """Django admin's own sign-in is the site's. Someone signed in who is no administrator is told so (403)."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("Django admin is for administrators of Concord.")
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")


@require_safe
def keyboard(request):
    """The keyboard's shorter ways, and the switch for them."""
    return render(request, "accounts/keyboard.html", {"shortcuts": [(keys.split(), what) for keys, what in SHORTCUTS]})


@require_POST
@login_required
def keyboard_switch(request):
    """Switches the shortcuts of whoever is signed in: ``shortcuts`` is "on" or "off"."""
    on = request.POST.get("shortcuts") == "on"
    switch_shortcuts(request.user, on=on)
    messages.success(request, f"The shortcuts are switched {'on' if on else 'off'}.")
    return redirect("keyboard")

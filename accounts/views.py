"""Pages around signing in, one's email address, the keys of the keyboard, and the error page of a stale form."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import email_changes
from accounts.actions import MAIL_ERRORS, EmailTakenError, change_email, request_email_change, switch_shortcuts
from accounts.forms import ChangeEmailForm

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


NO_EMAIL_NOW = "Concord cannot send email at the moment, so nothing has changed. Try again later."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limit(action="manage_email")
@sensitive_post_parameters("password")
def email(request):
    """The address one signs in with, and asking for another: a link goes to the new one. Says nothing of who has it."""
    form = ChangeEmailForm(request.POST or None, user=request.user)
    if form.is_valid():
        asked_for = form.cleaned_data["email"]
        try:
            request_email_change(request.user, asked_for)
        except MAIL_ERRORS:
            form.add_error(None, NO_EMAIL_NOW)
        else:
            return render(request, "accounts/email_sent.html", {"asked_for": asked_for})
    return render(request, "accounts/email.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm_email(request, key):
    """Confirms a new address: asks on GET, changes on POST. Only for whoever asked, signed in."""
    new = email_changes.read(key, request.user)
    problem = ""
    if new and request.method == "POST":
        try:
            change_email(request.user, new)
        except EmailTakenError:
            problem = "Another account uses this email address. Sign in with that account instead."
        except MAIL_ERRORS:
            problem = NO_EMAIL_NOW
        else:
            messages.success(request, f"Your email address is changed. From now on, sign in with {new}.")
            return redirect("account_email")
    return render(request, "accounts/email_confirm.html", {"new": new, "problem": problem})


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

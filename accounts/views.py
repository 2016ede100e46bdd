"""Pages around signing in, one's email address, and the error page of a stale form."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import email_changes
from accounts.forms import ChangeEmailForm
from accounts.operations import EmailTakenError, change_email, request_email_change


@requires_csrf_token
def stale_form(request, reason=""):
    """A form whose token is stale or missing: say so in the site's own dress, with a way back. Status 403."""
    return render(request, "403_csrf.html", status=403)


def admin_login(request):
    """Django admin's own sign-in is the site's. Someone signed in who is no administrator is told so (403)."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("Django admin is for administrators of Concord.")
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limit(action="manage_email")
@sensitive_post_parameters("password")
def email(request):
    """The address one signs in with, and asking for another: a link goes to the new one. Says nothing of who has it."""
    form = ChangeEmailForm(request.POST or None, user=request.user)
    if form.is_valid():
        asked_for = form.cleaned_data["email"]
        request_email_change(request.user, asked_for)
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
        else:
            messages.success(request, f"Your email address is changed. From now on, sign in with {new}.")
            return redirect("account_email")
    return render(request, "accounts/email_confirm.html", {"new": new, "problem": problem})

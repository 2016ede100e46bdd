"""Pages for signing in and for the email address of an account, and the error page of a stale form."""

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
    """The error page (403) of a form whose CSRF token is stale or missing, in the site's design, with a way back."""
    return render(request, "403_csrf.html", status=403)


def admin_login(request):
    """Redirect Django admin's sign-in page to the site's. A signed-in user who is no administrator gets a 403."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("Django admin is for administrators of Concord.")
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limit(action="manage_email")
@sensitive_post_parameters("password")
def email(request):
    """Show the email address that the user signs in with, and let them ask for another: a link is sent to the new one.

    The page does not say whether another account has the address.
    """
    form = ChangeEmailForm(request.POST or None, user=request.user)
    if form.is_valid():
        asked_for = form.cleaned_data["email"]
        request_email_change(request.user, asked_for)
        return render(request, "accounts/email_sent.html", {"asked_for": asked_for})
    return render(request, "accounts/email.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm_email(request, key):
    """Confirm a new address: ask on GET, change it on POST. Works only for the user who asked for it, signed in."""
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

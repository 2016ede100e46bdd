"""Concord's adapter for allauth: closed sign-up, queued emails, and limits on attempts to sign in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.urls import reverse

from accounts.emails import request_email
from accounts.operations import send_confirmation_link

SENTENCES = {
    "account_inactive": "This account may not sign in. Ask an administrator of Concord.",
    "email_password_mismatch": "The email address or the password is not right. Look at both, and try again.",
    "enter_current_password": "This is not the password that you have now.",
    "incorrect_password": "This is not your password.",
    "too_many_login_attempts": "That was tried too often. Wait five minutes, then try again.",
    "rate_limited": "That was asked too often. Wait five minutes, then try again.",
    "unknown_email": "Nobody has an account with this email address.",
}
"""{error code: message}, where allauth's own message is less plain."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | SENTENCES

    def is_open_for_signup(self, request):
        """Sign-up is closed: people are invited."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Queue an email. Its link is created when it is sent; the link in ``context`` is not kept.

        The person sees the same page whether or not an account has the address, and whether or not the mail server
        answers.
        """
        request_email(template_prefix, to=email, user=context.get("user"))

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """Email a link to choose a password to somebody whose address is unconfirmed: using the link confirms it."""
        send_confirmation_link(emailconfirmation.email_address.user)

    def pre_authenticate(self, request, **credentials):
        """Count the attempt in advance, as allauth does, and also for the account, wherever the attempt comes from."""
        super().pre_authenticate(request, **credentials)
        how = {"app": "allauth.account", "action": "login_failed_account", "key": credentials.get("email", "").lower()}
        usage = ratelimit.consume(request, **how)
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        # allauth rolls this usage back once the password turns out to be right.
        self._login_failed_rl_usage.usage += usage.usage

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count attempts for a client's address and an account together, so that no stranger can lock out others.

        allauth's own key contains the Host header, so each name of the site would allow as many attempts again.
        """
        return f"{ratelimit.get_ip(request)}:{credentials.get('email', '').lower()}"

    def get_login_redirect_url(self, request):
        """After choosing a password by an emailed link, go to the home page with advice on what to do first."""
        if request.resolver_match.view_name == "account_reset_password_from_key":
            return f"{reverse('home')}?welcome"
        return super().get_login_redirect_url(request)

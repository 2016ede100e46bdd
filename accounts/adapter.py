"""How allauth behaves here."""

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
"""{code of an error: what is said}, where allauth's own sentence is less plain."""


class AccountAdapter(DefaultAccountAdapter):
    """People are invited; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | SENTENCES

    def is_open_for_signup(self, request):
        """Sign-up is closed."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Have an email sent, with a link that is made when it goes; the one in ``context`` is not kept.

        Whoever asked for it sees the same page, whether an account has the address and whether the mail server is away.
        """
        request_email(template_prefix, to=email, user=context.get("user"))

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """Somebody signed in whose address is not confirmed: choosing a password by a link sent there confirms it."""
        send_confirmation_link(emailconfirmation.email_address.user)

    def pre_authenticate(self, request, **credentials):
        """Count a guess in advance, as allauth does, and for its account wherever it comes from."""
        super().pre_authenticate(request, **credentials)
        how = {"app": "allauth.account", "action": "login_failed_account", "key": credentials.get("email", "").lower()}
        usage = ratelimit.consume(request, **how)
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        # allauth takes these back once the password turns out to be right.
        self._login_failed_rl_usage.usage += usage.usage

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Guesses are counted for a client's address and an account together: a stranger locks out nobody else.

        allauth's own key holds the Host header, so that each name of the site allowed as many guesses again.
        """
        return f"{ratelimit.get_ip(request)}:{credentials.get('email', '').lower()}"

    def get_login_redirect_url(self, request):
        """Who has just chosen a password by a mailed link is told what to do first."""
        if request.resolver_match.view_name == "account_reset_password_from_key":
            return f"{reverse('home')}?welcome"
        return super().get_login_redirect_url(request)

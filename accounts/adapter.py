"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse

from accounts.mail import AUTOMATIC

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

    def render_mail(self, template_prefix, email, context, headers=None):
        """With the headers that all emails have."""
        return super().render_mail(template_prefix, email, context, headers=AUTOMATIC | (headers or {}))

    def get_login_redirect_url(self, request):
        """Who has just chosen a password by a mailed link is told what to do first."""
        if request.resolver_match.view_name == "account_reset_password_from_key":
            return f"{reverse('home')}?welcome"
        return super().get_login_redirect_url(request)

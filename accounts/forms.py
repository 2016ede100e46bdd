"""The forms of an account: allauth's, with our sentences for what is wrong, and that for another address."""

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms

EMAIL = {
    "required": "Give your email address.",
    "invalid": "Give a whole email address, such as name@council.gov.uk.",
}
SENTENCES = {
    "login": EMAIL,
    "email": EMAIL,
    "password": {"required": "Give your password."},
    "oldpassword": {"required": "Give the password that you have now."},
    "password1": {"required": "Choose a password."},
    "password2": {"required": "Give the new password a second time."},
}
"""{name of a field: {code of an error: what is said}}."""


class OurSentences:
    """Mixin for allauth's forms: their fields say what is missing in words of ours."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages = field.error_messages | SENTENCES.get(name, {})


class LoginForm(OurSentences, allauth.LoginForm):
    """Signing in."""


class ResetPasswordForm(OurSentences, allauth.ResetPasswordForm):
    """Asking for a link to choose a password."""

    def save(self, request, **kwargs):
        """Email the link, or that there is no account; without a link to sign up, which nobody can."""
        if self.users:
            return super().save(request, **kwargs)
        get_adapter().send_mail("account/email/unknown_account", self.cleaned_data["email"], {})
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(OurSentences, allauth.ResetPasswordKeyForm):
    """Choosing a password by a mailed link."""


class ChangePasswordForm(OurSentences, allauth.ChangePasswordForm):
    """Changing one's password."""


class ChangeEmailForm(forms.Form):
    """Asking to sign in with another email address. ``user`` is who asks."""

    email = forms.EmailField(
        label="New email address",
        max_length=254,
        error_messages=EMAIL | {"max_length": EMAIL["invalid"]},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Current password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your current password."},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self):
        """Refuse the address that they have."""
        email = self.cleaned_data["email"]
        if email.lower() == self.user.email.lower():
            raise forms.ValidationError("You already sign in with this email address. Enter another one.")
        return email

    def clean_password(self):
        """Check the password, counting wrong ones as on the sign-in page."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password

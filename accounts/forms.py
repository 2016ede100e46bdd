"""The forms of an account: allauth's, with our own error messages, and the form that changes the email address."""

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
"""{field name: {error code: message}}."""


class OurSentences:
    """Mixin for allauth's forms: puts ``SENTENCES`` in place of the error messages of their fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages = field.error_messages | SENTENCES.get(name, {})


class LoginForm(OurSentences, allauth.LoginForm):
    pass


class ResetPasswordForm(OurSentences, allauth.ResetPasswordForm):
    def save(self, request, **kwargs):
        """Email the link, or say that there is no account. Unlike allauth's email, ours does not offer to sign up."""
        if self.users:
            return super().save(request, **kwargs)
        get_adapter().send_mail("account/email/unknown_account", self.cleaned_data["email"], {})
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(OurSentences, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurSentences, allauth.ChangePasswordForm):
    pass


class ChangeEmailForm(forms.Form):
    """Asks for a new email address for ``user`` to sign in with."""

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

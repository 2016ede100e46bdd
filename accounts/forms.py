"""allauth's forms with our sentences for what is wrong."""

from allauth.account import forms as allauth

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


class ResetPasswordKeyForm(OurSentences, allauth.ResetPasswordKeyForm):
    """Choosing a password by a mailed link."""


class ChangePasswordForm(OurSentences, allauth.ChangePasswordForm):
    """Changing one's password."""


class SetPasswordForm(OurSentences, allauth.SetPasswordForm):
    """Choosing the first password while signed in."""


class ReauthenticateForm(OurSentences, allauth.ReauthenticateForm):
    """Giving one's password again before something that matters."""

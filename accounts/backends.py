"""The authentication backend."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model


class ConfirmedEmailBackend(AuthenticationBackend):
    """allauth's backend, with sessions only for users whose email address is confirmed."""

    def get_user(self, user_id):
        """Return the user of a session, or None. Without a confirmed address a user is signed out everywhere."""
        user = get_user_model().objects.confirmed().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

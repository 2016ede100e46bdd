"""Who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model


class ConfirmedEmailBackend(AuthenticationBackend):
    """allauth's, with sessions for people whose email address is confirmed and for nobody else."""

    def get_user(self, user_id):
        """The user of a session, or None: while their address is not confirmed they are signed out everywhere."""
        user = get_user_model().objects.confirmed().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

"""Receivers of allauth's signals."""

from allauth.account.signals import password_reset
from django.dispatch import receiver


@receiver(password_reset)
def confirm_by_password_link(user, **kwargs):
    """Confirm the address of a user who has chosen a password by a link that was sent to it."""
    user.confirm_email()

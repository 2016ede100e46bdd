"""What accounts does when allauth has done something."""

from allauth.account.signals import password_reset
from django.dispatch import receiver


@receiver(password_reset)
def confirm_by_password_link(user, **kwargs):
    """A password was chosen with a link that was sent to the user's address, so the address is theirs."""
    user.confirm_email()

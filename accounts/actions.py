"""Verbs of accounts."""

from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mail import AUTOMATIC

MAIL_ERRORS = (SMTPException, OSError)
"""What a mail backend raises when a mail cannot be sent."""


@transaction.atomic
def save_user(user):
    """Save a user as changed in memory. Addresses that are no longer theirs open no door. Returns the user."""
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    return user


def switch_shortcuts(user, *, on):
    """Switch the keyboard's shortcuts ``on`` or off for ``user``, wherever they sign in."""
    user.shortcuts = on
    user.save(update_fields=["shortcuts"])


def password_link(user):
    """The absolute address where ``user`` chooses a password; good for ``PASSWORD_RESET_TIMEOUT`` seconds, and once."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return settings.SITE_URL + path


def send_invitation(user, *, agreement_name, role, invited_by):
    """Mail ``user`` a way in: to choose a password, or to sign in with the one they have. ``invited_by`` is a user.

    Raises what the mail backend raises when it cannot be sent (MAIL_ERRORS).
    """
    link = settings.SITE_URL if user.has_usable_password() else password_link(user)
    subject = f"You are invited to {agreement_name} in Concord"
    _send(user, "invitation", subject, link=link, agreement_name=agreement_name, role=role, invited_by=invited_by)


def send_password_link(user):
    """Mail ``user`` a link to choose a password, as an administrator asked. Raises as ``send_invitation`` does."""
    _send(user, "password_link", "Choose a password for Concord", link=password_link(user))


def _send(user, name, subject, **context):
    """Render the mail ``name`` as text and HTML, and send it."""
    context |= {"user": user, "days": settings.PASSWORD_RESET_TIMEOUT // 86400}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"accounts/mail/{name}.txt", context),
        to=[user.email],
        headers=AUTOMATIC,
    )
    message.attach_alternative(render_to_string(f"accounts/mail/{name}.html", context), "text/html")
    message.send()

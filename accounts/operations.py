"""Verbs of accounts."""

from email.utils import formataddr
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import email_changes
from accounts.mail import AUTOMATIC
from accounts.signals import email_changed

MAIL_ERRORS = (SMTPException, OSError)
"""What a mail backend raises when a mail cannot be sent."""


class EmailTakenError(Exception):
    """Another account has this email address."""


@transaction.atomic
def save_user(user):
    """Save a user as an administrator changed them in memory. Returns whether their email address is another one.

    Another address is confirmed by the link that ``send_password_link`` sends there; until then nobody signs in.
    """
    before = get_user_model().objects.filter(pk=user.pk).values_list("email", flat=True).first()
    is_moved = before is not None and before.lower() != user.email.lower()
    if is_moved:
        user.forget_confirmation()
        user.set_unusable_password()
    user.save()
    if is_moved:
        email_changed.send(sender=type(user), user=user, before=before)
    return is_moved


@transaction.atomic
def change_email(user, email):
    """Have ``user`` sign in with ``email``, which they have confirmed to be theirs; the old address is notified.

    EmailTakenError if another account has it. Raises what the mail backend raises when the old address cannot be
    notified (MAIL_ERRORS): then nothing changes.
    """
    user = get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    before, user.email = user.email, email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
            user.confirm_email()
    except IntegrityError as error:
        raise EmailTakenError(email) from error
    email_changed.send(sender=type(user), user=user, before=before)
    notify_of_change(user, before)


def request_email_change(user, email):
    """Email ``email`` a link with which ``user`` confirms it as theirs; nothing changes until they do.

    If somebody has an account with it, they are told that instead, and ``user`` learns nothing of it. Raises what the
    mail backend raises (MAIL_ERRORS).
    """
    if get_user_model().objects.filter(email__iexact=email).exists():
        _send(user, "email_taken", "Your email address already has a Concord account", to=email)
        return
    link = settings.SITE_URL + reverse("account_confirm_email", args=[email_changes.sign(user, email)])
    _send(user, "email_change", "Confirm your new email address for Concord", to=email, link=link)


def notify_of_change(user, before):
    """Tell the address ``before`` that the account of ``user`` has another one. Raises as ``send_invitation`` does."""
    _send(user, "email_changed", "Your email address for Concord was changed", to=before)


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
    can_sign_in = user.has_usable_password() and user.is_confirmed
    link = settings.SITE_URL if can_sign_in else password_link(user)
    subject = f"You are invited to {agreement_name} in Concord"
    more = {"agreement_name": agreement_name, "role": role, "invited_by": invited_by, "can_sign_in": can_sign_in}
    _send(user, "invitation", subject, reply_to=invited_by, link=link, **more)


def send_password_link(user):
    """Mail ``user`` a link to choose a password, as an administrator asked. Raises as ``send_invitation`` does."""
    _send(user, "password_link", "Choose a password for Concord", link=password_link(user))


def send_confirmation_link(user):
    """Email ``user`` a link that confirms their address: they choose a password with it. Raises as the others do."""
    _send(user, "confirm_email", "Confirm your email address for Concord", link=password_link(user))


def _send(user, name, subject, to=None, reply_to=None, **context):
    """Render the email ``name`` as text and HTML, and send it to the address of ``user``, or to another one.

    Replies go to the user ``reply_to``.
    """
    context |= {"user": user, "days": settings.PASSWORD_RESET_TIMEOUT // 86400, "site_url": settings.SITE_URL}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"accounts/mail/{name}.txt", context),
        to=[to or user.email],
        headers=AUTOMATIC,
        reply_to=[formataddr((" ".join(str(reply_to).split()), reply_to.email))] if reply_to else None,
    )
    message.attach_alternative(render_to_string(f"accounts/mail/{name}.html", context), "text/html")
    message.send()

"""Operations on accounts."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from accounts.emails import request_email
from accounts.signals import email_changed


class EmailTakenError(Exception):
    """Another account has this email address."""


@transaction.atomic
def save_user(user):
    """Save a user whom an administrator changed in memory. Returns whether the email address has changed.

    A changed address is confirmed by the link that ``send_password_link`` sends to it. Until then nobody can sign in.
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
    """Let ``user`` sign in with ``email``, which they have confirmed, and notify the old address.

    Raises EmailTakenError if another account has it.
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
    """Email ``email`` a link by which ``user`` confirms that it is theirs. Nothing changes until they do.

    If an account has the address already, the email says so instead, and ``user`` does not find out.
    """
    is_taken = get_user_model().objects.filter(email__iexact=email).exists()
    request_email("email_taken" if is_taken else "email_change", to=email, user=user)


def notify_of_change(user, before):
    """Notify the address ``before`` that the account of ``user`` has another one."""
    request_email("email_changed", to=before, user=user)


def switch_shortcuts(user, *, on):
    """Switch keyboard shortcuts ``on`` or off for ``user``, wherever they sign in."""
    user.shortcuts = on
    user.save(update_fields=["shortcuts"])


def send_invitation(user, *, agreement, role, invited_by):
    """Email ``user`` a link to choose a password, or to sign in with the one they have. ``invited_by`` is a user."""
    facts = {"agreement_name": agreement.name, "role": role}
    facts |= {"invited_by": str(invited_by), "invited_by_email": invited_by.email}
    request_email("invitation", to=user.email, user=user, agreement=agreement, reply_to=invited_by, **facts)


def send_password_link(user):
    """Email ``user`` a link to choose a password, as an administrator asked."""
    request_email("password_link", to=user.email, user=user)


def send_confirmation_link(user):
    """Email ``user`` a link to choose a password, which also confirms their address."""
    request_email("confirm_email", to=user.email, user=user)

"""The emails about accounts: ``request_email`` queues one, and ``write`` writes it when it is sent.

A queued email gives no access: it says only which email to send, and to whom. The link in it is created when it is
sent.
"""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import email_changes
from accounts.signals import email_requested

KEPT_FOR = timedelta(days=1)
"""How long an email that somebody asked for may wait: by then they have asked again, or have given up."""

SUBJECTS = {
    "confirm_email": "Confirm your email address for Concord",
    "email_change": "Confirm your new email address for Concord",
    "email_changed": "Your email address for Concord was changed",
    "email_taken": "Your email address already has a Concord account",
    "invitation": "You are invited to {agreement_name} in Concord",
    "password_link": "Choose a password for Concord",
}
"""{template of ``accounts/mail``: subject line}. The other templates are allauth's, with lines of their own."""

TO_OTHERS = ("email_change", "email_changed", "email_taken", "account/email/unknown_account")
"""Templates for an address that is not the user's. They are sent even if the user's address has changed since."""

ASKED_FOR = ("confirm_email", "account/email/password_reset_key", "account/email/unknown_account")
"""Templates that people ask for on the sign-in page, and would ask for again (``KEPT_FOR``)."""


def request_email(template, *, to, user=None, agreement=None, reply_to=None, **facts):
    """Queue an email to the address ``to``, in the transaction that the email is about.

    A newer request replaces one for the same template and address that still waits. ``user`` is the user that the email
    is about, if any. The recipient is looked up in the address book of ``agreement``. Replies go to the user
    ``reply_to``. ``facts`` are plain values for the template.
    """
    email_requested.send(
        sender=get_user_model(),
        to=to,
        user=user,
        agreement=agreement,
        writer=write,
        data={"template": template, "to": to, "user_id": user and user.pk, **facts},
        key=f"{template}:{to.lower()}",
        kept_for=KEPT_FOR if template in ASKED_FOR else None,
        reply_to=reply_to,
    )


def write(*, template, to, user_id=None, **facts):
    """Return the subject, the plain text and the HTML of an email, as of now.

    None for a user who may not sign in any more, or who has another address.
    """
    user = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    if user_id and not _is_still_for(user, template, to):
        return None
    context = {"user": user, "email": to, "site_url": settings.SITE_URL, **facts}
    if template not in SUBJECTS:
        context["password_reset_url"] = user and password_link(user)
        message = get_adapter().render_mail(template, to, context)
        return message.subject, message.body, message.alternatives[0][0]
    context |= {"days": settings.PASSWORD_RESET_TIMEOUT // 86400, **_way_in(template, user, to)}
    plain, html = (render_to_string(f"accounts/mail/{template}.{ending}", context) for ending in ("txt", "html"))
    return SUBJECTS[template].format(**facts), plain, html


def _is_still_for(user, template, to):
    if not user or not (user.is_active or template == "email_changed"):
        return False
    return template in TO_OTHERS or user.email.lower() == to.lower()


def _way_in(template, user, to):
    """Template values: the ``link``, if the email has one, and ``can_sign_in`` for a user who has a password."""
    if template == "email_change":
        return {"link": settings.SITE_URL + reverse("account_confirm_email", args=[email_changes.sign(user, to)])}
    if template == "invitation" and user.has_usable_password() and user.is_confirmed:
        return {"link": settings.SITE_URL, "can_sign_in": True}
    return {} if template in TO_OTHERS else {"link": password_link(user)}


def password_link(user):
    """Return the absolute URL where ``user`` chooses a password.

    It works once, within ``PASSWORD_RESET_TIMEOUT`` seconds.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return settings.SITE_URL + path

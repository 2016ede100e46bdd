"""Emails about an account that the mail server did not take: kept, and sent later.

What is kept opens nothing: whom an email is for and which one it is. The link in it is made when it is sent.
"""

import logging
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import UnsentEmail
from accounts.operations import MAIL_ERRORS, password_link, send_confirmation_link

logger = logging.getLogger(__name__)

TEMPLATES = ("account/email/password_reset_key", "account/email/unknown_account")
CONFIRM = "confirm_email"
"""The emails that can be written later: allauth's by their templates, and the one that confirms an address."""

KEPT_FOR = timedelta(days=1)
"""Whoever asked for a link has asked again by then, or has given up."""

AT_FIRST = timedelta(minutes=1)
"""How long the first attempt waits. Each later one waits as long again as the email has waited already."""

MOST = 100
"""How many are sent in one transaction."""


def keep(template, email, user=None):
    """Keep an email that could not be sent, in the ``except`` that says why; asked for once more, it is still one."""
    logger.warning("An email about an account could not be sent, and is kept.", exc_info=True)
    now = timezone.now()
    UnsentEmail.objects.update_or_create(
        template=template, email=email.lower(), defaults={"user": user, "created_at": now, "retry_at": now + AT_FIRST}
    )


def send_unsent():
    """Send what was kept and is to be tried again. Where the mail server is still away, the rest waits too."""
    now = timezone.now()
    UnsentEmail.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    with transaction.atomic():
        rows = UnsentEmail.objects.filter(retry_at__lte=now).order_by("retry_at").select_related("user")
        for row in rows.select_for_update(of=("self",), skip_locked=True)[:MOST]:
            try:
                _send(row)
            except MAIL_ERRORS:
                logger.warning("An email about an account still cannot be sent.", exc_info=True)
                row.retry_at = now + max(AT_FIRST, now - row.created_at)
                row.save(update_fields=["retry_at"])
            else:
                row.delete()


def _send(row):
    """Write and send one, with a new link. A user who may not sign in any more, or has another address, gets none."""
    facts = {"email": row.email, "site_url": settings.SITE_URL}
    if row.user:
        if not row.user.is_active or row.user.email.lower() != row.email:
            return
        if row.template == CONFIRM:
            send_confirmation_link(row.user)
            return
        facts |= {"user": row.user, "password_reset_url": password_link(row.user)}
    get_adapter().render_mail(row.template, row.email, facts).send()

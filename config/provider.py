"""The email provider whose reports on sent emails Concord accepts, and the secrets that authenticate them."""

from config.refusal import refuse

PROVIDERS = ("brevo", "mailgun", "postmark")
"""Providers that report the Message-ID of an email handed to them by SMTP, or can be made to."""

SHORTEST = 16


def provider_settings(environment):
    """Return (the provider or "", the settings of Anymail), as read from ``environment``.

    Every variable ``ANYMAIL_…`` is a setting of Anymail. Raises SystemExit, with a message, where the settings are
    unusable.
    """
    anymail = {
        name.removeprefix("ANYMAIL_"): value for name, value in environment.items() if name.startswith("ANYMAIL_")
    }
    provider = environment.get("MAIL_PROVIDER", "").strip().lower()
    secret = anymail.get("WEBHOOK_SECRET", "")
    if provider and provider not in PROVIDERS:
        refuse(f"MAIL_PROVIDER is “{provider}”. It can be {', '.join(PROVIDERS[:-1])} or {PROVIDERS[-1]}.")
    if provider and not secret:
        refuse("MAIL_PROVIDER is set without ANYMAIL_WEBHOOK_SECRET, so anybody could say that a mail came back.")
    if secret and not provider:
        refuse("ANYMAIL_WEBHOOK_SECRET is set without MAIL_PROVIDER, which says whose reports are read.")
    if provider and (":" not in secret or len(secret) < SHORTEST):
        refuse(f"ANYMAIL_WEBHOOK_SECRET must be a user and a password, user:password, of at least {SHORTEST} letters.")
    if provider == "mailgun" and not anymail.get("MAILGUN_WEBHOOK_SIGNING_KEY"):
        refuse("MAIL_PROVIDER is mailgun, which signs what it tells: set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY.")
    return provider, anymail

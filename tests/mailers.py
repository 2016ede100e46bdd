"""How emails leave in a test that wants another way than Django's ``mail.outbox``."""


def mail_by(settings, backend, **options):
    """Have emails go by this backend, given these options."""
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}


def mail_by_smtp(settings, port=9, timeout=5):
    """Have emails go to the mail server at this port of the loopback; at 9 there is none."""
    mail_by(settings, "outbox.backends.SmtpBackend", host="127.0.0.1", port=port, timeout=timeout)


def mail_into(settings, folder):
    """Have emails go into this folder."""
    mail_by(settings, "outbox.backends.EmlBackend", folder=folder)

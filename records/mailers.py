"""What sends emails, as the setting ``MAILERS`` has it, on any release of Django."""

from django.conf import settings
from django.utils.module_loading import import_string


def default_mailer(**options):
    """A new email backend, as ``MAILERS["default"]`` describes it; ``options`` go before those named there.

    From Django 6.1 on this is ``mailers.default``. The LTS has no such setting: there EMAIL_BACKEND is this function.
    """
    mailer = settings.MAILERS["default"]
    return import_string(mailer["BACKEND"])(alias="default", **mailer.get("OPTIONS", {}) | options)

"""The email backend that the setting ``MAILERS`` describes, on every release of Django that we support."""

from django.conf import settings
from django.utils.module_loading import import_string


def default_mailer(**options):
    """A new email backend, made from ``MAILERS["default"]``; ``options`` override those in the setting.

    Django 6.1 has the same in ``mailers.default``. Earlier releases do not know MAILERS: EMAIL_BACKEND names this
    function there, so Django's own emails use it too.
    """
    mailer = settings.MAILERS["default"]
    return import_string(mailer["BACKEND"])(alias="default", **mailer.get("OPTIONS", {}) | options)

"""Settings of a process that knows one kind more than the product: its module and templates lie beside this file."""

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path

from tests.settings import *  # noqa: F403  (a settings module is all its names)
from tests.settings import DATABASES, TEMPLATES

HERE = Path(__file__).parent


class WithNewKind:
    """Finds the package of kinds with the folder of the new one in it, as if the module lay among the others."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """That package's spec; None for any other."""
        if name != "reminders.notifications.kinds":
            return None
        spec = PathFinder.find_spec(name, path)
        spec.submodule_search_locations.append(str(HERE / "kinds"))
        return spec


sys.meta_path.insert(0, WithNewKind)
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], HERE / "templates"]
DATABASES["default"]["NAME"] = os.environ["NEW_KIND_DATABASE"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
EMAIL_BACKEND = "outbox.mailers.default_mailer"
ALLOWED_HOSTS = ["testserver"]

"""Settings of the tests: those of the product, with a database and a Redis prefix for each worker."""

import os

os.environ.setdefault("DEMO", "1")

from config.settings import *  # noqa: F403  (a settings module is all its names)
from config.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES, VAR_DIR

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
SECRET_KEY = "a key for tests alone, long enough"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_DEFAULT_QUEUE = f"test-{WORKER}"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MAILERS = {
    "default": {"BACKEND": "outbox.backends.EmlBackend", "OPTIONS": {"folder": VAR_DIR / "tests" / WORKER / "mail"}}
}
MEDIA_ROOT = VAR_DIR / "tests" / WORKER / "media"
# The live server looks for this name before it serves what is not collected.
INSTALLED_APPS = [{"config.static.FrontEnd": "django.contrib.staticfiles"}.get(app, app) for app in INSTALLED_APPS]
# The test client and the live server find static files by themselves; collected ones are not needed.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Most tests look at what goes, not at how long it waits.
NOTIFY_AFTER_MINUTES = 0
# What a process remembers for half a minute would be another test's.
WATCH_SILENCE = False

"""Settings of the processes of the soak: servers of its own, a sweep each second, a mail server that misbehaves."""

import os

from tests.settings import *  # noqa: F403  (a settings module is all its names)

CELERY_TASK_DEFAULT_QUEUE = "soak"
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "reminders.tasks.sweep", "schedule": 1.0, "options": {"expires": 60}}}
MAILERS = {
    "default": {
        "BACKEND": "outbox.backends.SmtpBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ["SOAK_MAIL_PORT"]), "timeout": 5},
    }
}

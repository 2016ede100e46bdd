"""Settings of the worker and the beat that a test starts: the database, queue and folder that it names."""

import os

from tests.settings import *  # noqa: F403  (a settings module is all its names)
from tests.settings import DATABASES, MAILERS

DATABASES["default"]["NAME"] = os.environ["RUNNING_DATABASE"]
CELERY_TASK_DEFAULT_QUEUE = os.environ["RUNNING_QUEUE"]
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "reminders.tasks.sweep", "schedule": 1.0, "options": {"expires": 60}}}
MAILERS["default"]["OPTIONS"] = {"folder": os.environ["RUNNING_MAIL"]}

"""Calling a worker, after somebody saved something of which an email is due now."""

import logging

from celery import current_app
from django.db import connection as database
from django.db import transaction

logger = logging.getLogger(__name__)

SEND_DUE = "outbox.tasks.send_due"
PATIENCE = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0}
"""Seconds that a Redis which does not answer may cost whoever is saving: well under one in all."""


def call_once():
    """Have a worker called when this transaction is committed: once, of however many dates it tells."""
    if not any(hook is call_worker for _, hook, *_ in database.run_on_commit):
        transaction.on_commit(call_worker)


def call_worker():
    """Have a worker send what is due. When Redis is down that is left to the next sweep."""
    try:
        with current_app.connection_for_write(transport_options=PATIENCE) as connection:
            current_app.send_task(SEND_DUE, connection=connection, retry=False, expires=60)
    except Exception:
        # Whatever is wrong with the queue must not become the trouble of who saved an engagement.
        logger.warning("No worker could be called; the next sweep sends what is due.", exc_info=True)

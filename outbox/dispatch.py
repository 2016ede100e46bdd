"""Calls a worker after somebody saves something that makes an email due now."""

import logging

from celery import current_app
from django.db import connection as database
from django.db import transaction

logger = logging.getLogger(__name__)

SEND_DUE = "outbox.tasks.send_due"
PATIENCE = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0}
"""Seconds. A Redis that does not answer delays the person who saves by well under a second."""


def call_once():
    """Call a worker after this transaction is committed: once, however many emails become due in it."""
    if not any(hook is call_worker for _, hook, *_ in database.run_on_commit):
        transaction.on_commit(call_worker)


def call_worker():
    """Ask a worker to send what is due. While Redis is down, the next sweep does it."""
    try:
        with current_app.connection_for_write(transport_options=PATIENCE) as connection:
            current_app.send_task(SEND_DUE, connection=connection, retry=False, expires=60)
    except Exception:
        # A problem with the queue must not affect the person who saved an engagement.
        logger.warning("No worker could be called; the next sweep sends what is due.", exc_info=True)

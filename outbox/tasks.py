"""What Celery executes to send emails. The database is the truth; the next task makes a lost one good."""

import time

from celery import shared_task
from celery.signals import beat_init, before_task_publish, heartbeat_sent
from django.db import close_old_connections

from outbox.operations import deleting, sending
from outbox.operations.heartbeats import note_alive

NOTED_EVERY = 20
"""Seconds between two signs of life of a worker; Celery offers one every two seconds."""


@shared_task
def send_due():
    """Send all that is due, at once: somebody saved something of which an email is to go now."""
    sending.send_due()


@shared_task
def delete_old_emails():
    """Delete emails to people who are in no address book, a month after they were settled. Done every night."""
    deleting.delete_old_emails()


class WorkerAlive:
    """Writes down that a worker is running, by its own clock: a worker without a beat has nothing to do, and is alive.

    Celery's signal comes from the process that takes tasks from the queue, for as long as it can.
    """

    noted = None

    def __call__(self, **kwargs):
        """Write it down, unless that was done a moment ago."""
        now = time.monotonic()
        if self.noted is not None and now - self.noted < NOTED_EVERY:
            return
        self.noted = now
        close_old_connections()
        note_alive("worker")


note_worker = WorkerAlive()
heartbeat_sent.connect(note_worker, weak=False)


@beat_init.connect
def listen_to_beat(**kwargs):
    """In the process of beat alone, each task that it gives out shows that it is alive."""
    before_task_publish.connect(note_beat)


def note_beat(**kwargs):
    """Write down that beat is alive."""
    close_old_connections()
    note_alive("beat")

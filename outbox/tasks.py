"""Celery tasks that send emails. The database holds the state, so the next task makes up for a lost one."""

import time

from celery import shared_task
from celery.signals import beat_init, before_task_publish, heartbeat_sent
from django.db import close_old_connections

from outbox.operations import deleting, sending
from outbox.operations.heartbeats import note_alive

NOTED_EVERY = 20
"""Seconds between two recorded heartbeats of a worker. Celery sends one every two seconds."""


@shared_task
def send_due():
    """Send all that is due. Called at once after somebody saves something that makes an email due."""
    sending.send_due()


@shared_task
def delete_old_emails():
    """Delete emails to people who are in no address book, a month after they were settled. Done every night."""
    deleting.delete_old_emails()


class WorkerAlive:
    """Records that a worker is running, independently of beat: without beat, an idle worker is still alive.

    Celery's signal comes from the process that takes tasks from the queue, for as long as that is able to.
    """

    noted = None

    def __call__(self, **kwargs):
        """Record it, unless that was done less than ``NOTED_EVERY`` seconds ago."""
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
    """In the process of beat only: each task that it publishes shows that it is alive."""
    before_task_publish.connect(note_beat)


def note_beat(**kwargs):
    close_old_connections()
    note_alive("beat")

"""Celery tasks of accounts."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import Count


@shared_task
def clear_sessions_and_counts():
    """Remove sessions and counts that have expired. Runs every night."""
    SessionStore.clear_expired()
    Count.objects.filter(expires_at__lte=timezone.now()).delete()

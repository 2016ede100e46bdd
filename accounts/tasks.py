"""What Celery does for accounts."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import Count


@shared_task
def clear_sessions_and_counts():
    """Remove sessions that have ended, and counts that no limit looks at any more. Done every night."""
    SessionStore.clear_expired()
    Count.objects.filter(expires_at__lte=timezone.now()).delete()

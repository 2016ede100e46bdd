"""The cache, for which a Redis that is down is an empty cache: it locks nobody out and costs a page a second at most.

django-redis sees to the errors (IGNORE_EXCEPTIONS) and leaves two things open: signing in asks the cache twenty times,
each of which waits in vain, and it takes locks there, which nobody would ever get.
"""

import time

import redis
from django_redis.cache import RedisCache
from redis.connection import ConnectionPool

REST = 5
"""Seconds for which a Redis that could not be reached is not asked again."""


class PatientCache(RedisCache):
    """A cache in which every lock is free while Redis is down."""

    def add(self, *args, **kwargs):
        """Return whether the key was new. With Redis down it was (None is what django-redis says then)."""
        return super().add(*args, **kwargs) is not False


class RestingPool(ConnectionPool):
    """Connections to Redis, of which none is tried for a while after one has failed."""

    rests_until = 0

    def get_connection(self, *args, **kwargs):
        """Return a connection that works, or raise redis-py's error."""
        if time.monotonic() < self.rests_until:
            raise redis.ConnectionError("Redis could not be reached a moment ago.")
        try:
            return super().get_connection(*args, **kwargs)
        except redis.RedisError:
            self.rests_until = time.monotonic() + REST
            raise

"""The cache in Redis, which a page can do without: while Redis is away, each process counts for itself."""

import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# How long a page waits for Redis, and how long after a failure nobody asks it again.
PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
AWAY_SECONDS = 10


class SteadyRedisCache(RedisCache):
    """Redis, or the memory of this process while Redis does not answer.

    What is kept here are limits on attempts: without Redis they hold for each process, which is better than no
    limit, and better than no sign-in.
    """

    _away_until = 0.0

    def __init__(self, server, params):
        params = params | {"OPTIONS": PATIENCE | {"retry": Retry(NoBackoff(), 0)} | params.get("OPTIONS", {})}
        super().__init__(server, params)
        self._spare = LocMemCache("while redis is away", {})

    def _or_spare(self, name, *args, **kwargs):
        cls = type(self)
        if time.monotonic() >= cls._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError:
                cls._away_until = time.monotonic() + AWAY_SECONDS
        return getattr(self._spare, name)(*args, **kwargs)


def _softly(name):
    def method(self, *args, **kwargs):
        return self._or_spare(name, *args, **kwargs)

    method.__name__ = name
    return method


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "has_key",
    "incr",
    "set_many",
    "delete_many",
    "clear",
):
    setattr(SteadyRedisCache, _name, _softly(_name))

"""A cache in Redis that is away delays a page once, and limits still count."""

import socket
import time

import pytest

from config import cache
from config.cache import SteadyRedisCache


@pytest.fixture(autouse=True)
def _nothing_is_away(monkeypatch):
    monkeypatch.setattr(SteadyRedisCache, "_away_until", 0.0)


@pytest.fixture(params=["refuses", "never answers"])
def away(request):
    """The address of a Redis that is away."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "never answers":
            server.listen()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_while_redis_is_away_this_process_counts_and_a_page_waits_once(away):
    began = time.monotonic()
    store = SteadyRedisCache(away, {})
    store.clear()

    store.set("tries", 1)
    for _try in range(20):
        store.incr("tries")

    assert store.get("tries") == 21
    assert store.add("tries", 5) is False
    assert (store.get_many(["tries", "other"]), store.has_key("other")) == ({"tries": 21}, False)
    assert time.monotonic() - began < 1.5


def test_after_a_while_redis_is_asked_again(away, monkeypatch):
    store = SteadyRedisCache(away, {})
    store.get("anything")
    asked = []
    monkeypatch.setattr(
        "django.core.cache.backends.redis.RedisCache.get", lambda self, key: asked.append(key)
    )

    store.get("early")
    monkeypatch.setattr(SteadyRedisCache, "_away_until", time.monotonic() - 1)
    store.get("late")

    assert asked == ["late"]
    assert cache.AWAY_SECONDS >= 5

"""A worker outlives its broker."""

import pytest

from config.celery import app
from tests.faults.databases import Redis


@pytest.fixture
def redis(tmp_path):
    redis = Redis(tmp_path)
    yield redis
    redis.crash()


@pytest.mark.services
def test_a_worker_lets_go_of_the_job_in_hand_when_redis_dies(redis):
    connection = app.connection_for_read(redis.url)
    queue = connection.SimpleQueue("work", channel=connection.default_channel)
    queue.put("a job")
    job = queue.get(timeout=5)
    redis.crash()

    queue.channel.close()
    job.ack()

    assert (job.payload, queue.channel.closed) == ("a job", True)


@pytest.mark.services
def test_a_job_that_is_done_is_forgotten_by_redis(redis):
    connection = app.connection_for_read(redis.url)
    queue = connection.SimpleQueue("work", channel=connection.default_channel)
    queue.put("a job")
    job = queue.get(timeout=5)
    held = queue.channel.client.hlen("unacked")

    job.ack()

    assert (held, queue.channel.client.hlen("unacked")) == (1, 0)
    connection.close()


def test_a_worker_waits_for_its_broker_however_long_that_takes():
    assert app.conf.broker_connection_retry_on_startup is True
    assert app.conf.broker_connection_max_retries is None

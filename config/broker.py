"""Redis as a doorbell: a job that it has handed over is never given back, so that a worker outlives its Redis.

Kombu hands unfinished jobs back when a connection ends, and reports finished ones, through the very connection that
was lost: the worker ends over it. Nothing needs to go back. Each job looks at what is due, and the next run finds it.
"""

from kombu.transport import redis


class QoS(redis.QoS):
    """Keeps count of the jobs in hand, as long as there is somebody to tell."""

    def ack(self, delivery_tag):
        if not self.channel.closed:
            super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        if not self.channel.closed:
            super().reject(delivery_tag, requeue=requeue)


class Channel(redis.Channel):
    QoS = QoS
    do_restore = False


class Transport(redis.Transport):
    Channel = Channel

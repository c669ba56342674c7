"""Mistakes on purpose: a fault test that passes with its mistake proves nothing. See the docstrings of the tests.

Try one with: FAULTS_BROKEN=record_late make faults PYTEST_ARGS="-k killed"
"""


def record_late():
    """What has left is written down at the end of the batch."""
    from accounts.sending import delivery

    delivery.SLOW_SECONDS = delivery._Run.record_every = 1_000_000
    delivery.RECORD_SECONDS_MOST = 1_000_000


def forget_claims():
    """A claim never ends, as if it were a mark "in work"."""
    from accounts.models.messages import NoticeQuerySet

    NoticeQuerySet.unclaimed = lambda self, at: self.filter(claimed_until=None)


def share_claims():
    """Two workers may claim the same message."""
    from accounts.sending import outbox

    plain = outbox.claim.__wrapped__

    def claim(at, *, sorted_to, size=outbox.BATCH):
        from django.db.models import QuerySet

        locking, QuerySet.select_for_update = QuerySet.select_for_update, lambda self, **_options: self.all()
        try:
            return plain(at, sorted_to=sorted_to, size=size)
        finally:
            QuerySet.select_for_update = locking

    outbox.claim = claim


def no_sweep():
    """Only a ring makes a worker look: what was owed while the broker was away is lost."""
    from accounts import tasks

    tasks.send_notices.run = lambda: None


def mark_first():
    """A message is marked as sent before it leaves."""
    from accounts.sending import outbox

    plain = outbox.claim

    def claim(at, **options):
        batch = plain(at, **options)
        outbox.record_sent(batch, at=at)
        return batch

    outbox.claim = claim


def give_up_at_once():
    """Whatever a mail server answers, the message has failed."""
    from accounts.sending import delivery, post

    plain = post.what_it_means
    post.what_it_means = lambda error: post.Refused(str(plain(error)))
    delivery.Away = post.Sent


def one_by_one():
    """Every reminder leaves as a message of its own."""
    from accounts.sending import gathering

    gathering._gather = lambda ids, at: None


def stubborn_pages():
    """A page waits for the broker as long as a worker would."""
    from accounts import notices

    notices.IMPATIENT = {}
    notices.DEAF_SECONDS = 0


def half_saved():
    """An invitation is saved before its message is owed."""
    import time

    from django.db import connection

    from accounts.actions import invitations

    plain = invitations.owe

    def owe(*args, **kwargs):
        connection.connection.commit()
        time.sleep(0.3)
        return plain(*args, **kwargs)

    invitations.owe = owe


def forgetful_keys():
    """A reminder that was owed is not known again."""
    from django.utils.crypto import get_random_string

    from accounts.reminders import Task

    Task.key = lambda self, reminder: get_random_string(40)


def blind_health():
    """Health does not look at the schedule."""
    from portal import health

    health._schedule = lambda at: {"status": health.OK}


def break_it(name):
    """Make the mistake of this name, once Django is up."""
    from portal.apps import PortalConfig

    mistake = globals()[name]
    PortalConfig.ready = lambda self: mistake()

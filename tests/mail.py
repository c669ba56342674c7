"""A mail server that does what a test tells it to, and what it was given."""

from django.core.mail.backends.locmem import EmailBackend
from django.db import connection


class Obedient(EmailBackend):
    """Raises what `faults` holds for an address, or for "open". Notes whether a transaction was open."""

    faults: dict = {}
    opened = 0
    in_transaction: list[bool] = []
    # Called with each message before it is taken.
    watch = None

    @classmethod
    def begin(cls):
        cls.faults, cls.opened, cls.in_transaction, cls.watch = {}, 0, [], None

    def open(self):
        type(self).opened += 1
        self._raise("open")
        return True

    def send_messages(self, messages):
        for message in messages:
            self.in_transaction.append(connection.in_atomic_block)
            if self.watch:
                type(self).watch(message)
            self._raise(message.to[0])
        return super().send_messages(messages)

    def _raise(self, what):
        fault = self.faults.get(what)
        if callable(fault) and not isinstance(fault, type):
            fault = fault()
        if fault is not None:
            raise fault

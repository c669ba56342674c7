"""Doing one thing several times at the same instant. Needs a database that serves several connections: PostgreSQL."""

import threading

from django.db import connection


def at_once(*functions):
    """Call each function in a thread of its own, all released together. Returns what each gave back or raised."""
    barrier = threading.Barrier(len(functions))
    outcomes = [None] * len(functions)

    def run(place, function):
        try:
            barrier.wait(timeout=10)
            outcomes[place] = function()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=[place, function]) for place, function in enumerate(functions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes

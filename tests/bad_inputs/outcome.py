"""What a post did: its answer, how long it took, and what it left in the database. Everything is undone again."""

import gc
import json
import logging
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR IGNORE )?INTO|UPDATE|DELETE\s+FROM)\s+"(\w+)"', re.I)
# A session is written by looking, too.
NOT_COUNTED = {"django_session", "usersessions_usersession"}
INSIDE = re.compile(r"Traceback|SELECT \"|INSERT INTO|site-packages|\.py\b|OperationalError|DataError")


@dataclass
class Outcome:
    """The answer to a post, and the rows that were there afterwards and not before.

    `seconds`: of the processor and the database. `waited`: by the clock.
    """

    response: object
    seconds: float
    waited: float
    after: dict
    before: dict = field(default_factory=dict)
    followed: int | None = None
    looked: object = None

    @property
    def accepted(self):
        return self.response.status_code < 400

    @property
    def changed(self):
        return {table for table in self.after if self.after[table] != self.before[table]}

    @property
    def words(self):
        """Every word and number that was stored, those inside JSON each by itself."""
        new = (row for table in self.changed for row in self.after[table] - self.before[table])
        return {leaf for row in new for cell in row for leaf in _leaves(cell)}


def _leaves(cell):
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        try:
            cell = json.loads(cell)
        except ValueError:
            pass
    if isinstance(cell, dict):
        cell = list(cell.values())
    if isinstance(cell, list):
        for inside in cell:
            yield from _leaves(inside)
    else:
        yield str(cell)


def _rows(tables):
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = {
                tuple(json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in row)
                for row in cursor.fetchall()
            }
    return found


def ask(client, address, sent=None, *, method="post", follow=False, files=False, look=None, **headers):
    """Send something and undo it. A cache that counts tries is emptied first: this is not a test of counting.

    Arguments:
        sent: lists of text or bytes by name, or the whole body when it is bytes.
        follow: open the page to which the answer leads, before everything is undone.
        files: send it as a form with files.
        look: asked after it and before everything is undone.
    """
    cache.clear()
    tables, asking = set(), [0.0]

    def watch(execute, sql, params, many, context):
        if (found := WRITES.match(sql)) and found[1] not in NOT_COUNTED:
            tables.add(found[1])
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            asking[0] += time.monotonic() - began

    cookies = client.cookies.copy()
    client.raise_request_exception = False
    logging.disable(logging.ERROR)
    # A look through all that thousands of tests have left in memory is no part of an answer.
    gc.disable()
    try:
        with transaction.atomic():
            with connection.execute_wrapper(watch):
                start, busy = time.monotonic(), time.thread_time()
                if method == "post" and not files:
                    headers.setdefault("content_type", "application/x-www-form-urlencoded")
                    body = sent if isinstance(sent, bytes) else urlencode(sent or {}, doseq=True)
                    response = client.post(address, body, **headers)
                else:
                    response = getattr(client, method)(address, sent, **headers)
                waited = time.monotonic() - start
                # What others did on this machine meanwhile is not counted.
                seconds = min(waited, time.thread_time() - busy + asking[0])
            # After an error PostgreSQL answers nothing more in this transaction.
            outcome = Outcome(response, seconds, waited, _rows(tables) if response.status_code < 500 else {})
            if follow and response.status_code == 302:
                outcome.followed = client.get(response.url).status_code
            if look and response.status_code < 500:
                outcome.looked = look()
            transaction.set_rollback(True)
    finally:
        gc.enable()
        logging.disable(logging.NOTSET)
        client.cookies = cookies
    outcome.before = _rows(outcome.after)
    return outcome


# On a machine that has much else to do a good answer may take so many times as long by the clock.
PATIENCE = 4


def unfit(outcome, *, seconds=2):
    """What no answer may be, in one word; empty when it is fine."""
    response = outcome.response
    if response.status_code >= 500:
        error = getattr(response, "exc_info", None)
        return f"{response.status_code} {error[0].__name__ if error else ''} {str(error[1])[:90] if error else ''}"
    if outcome.seconds > seconds or outcome.waited > PATIENCE * seconds:
        return f"took {outcome.seconds:.1f} s, waited for {outcome.waited:.1f} s"
    text = "" if response.streaming else response.content.decode(errors="replace")
    inside = INSIDE.search(text) or (str(settings.BASE_DIR) in text and "path")
    if inside:
        return f"shows {inside if isinstance(inside, str) else inside[0]}"
    if not outcome.accepted and outcome.changed:
        return f"refused, but changed {sorted(outcome.changed)}"
    return ""

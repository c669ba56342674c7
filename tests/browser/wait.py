"""Waiting for what a page becomes."""

import time

PATIENCE = 20  # seconds; a slow machine that does other things as well
PAUSE = 20  # milliseconds


def until(page, expression):
    """Wait until an expression of the page is true.

    Asked from outside each time: Playwright's own waiting has the page evaluate text, which our policy refuses.

    Raises:
        AssertionError: it never was.
    """
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(PAUSE)

"""`make run` as somebody new would use it: wait for the first page, stop it, and look for what is left behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

MARK = f"counterpart-smoke-{os.getpid()}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_left():
    """Everything that was started below us carries our mark in its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if MARK.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def first_answer(url, run, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and run.poll() is None:
        try:
            return urllib.request.urlopen(url, timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    return None


def main():
    url = f"http://127.0.0.1:{(port := free_port())}/"
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        run = subprocess.Popen(
            ["make", "--no-print-directory", "run", f"PORT={port}", "DEMO=1"],
            env=os.environ | {"DATA_DIR": f"{folder}/data", "SMOKE": MARK},
            stdin=subprocess.DEVNULL,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = first_answer(url, run, seconds=300)
            seconds = time.monotonic() - started
            time.sleep(3)
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGINT)
            deadline = time.monotonic() + 30
            while (left := processes_left()) and time.monotonic() < deadline:
                time.sleep(0.5)
        print(log.read_text())
    print(f"First page: {status} after {seconds:.0f} s. Processes left behind: {len(left)}")
    if status != 200 or left:
        sys.exit(
            "\n".join(["The first page should answer 200, and stopping should leave nothing behind.", *left])
        )


main()

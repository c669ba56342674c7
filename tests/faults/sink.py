"""A mail server that takes its time, refuses, hangs or is away, as a test wants it. Remembers what it took."""

import asyncio
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    at: float
    sender: str
    to: str
    message_id: str
    subject: str


class Sink:
    """Runs in a thread of its own. `seconds` is what it takes over a message."""

    def __init__(self, seconds=0.1):
        self.seconds = seconds
        self.taken: list[Taken] = []
        self.answers: dict[str, str] = {}  # what an address is answered, such as "550 5.1.1 No such user"
        self.bouncing: set[str] = set()  # addresses that are answered yes, and a bounce afterwards
        self.bounces: list[tuple[str, str]] = []  # where each bounce went, and the Message-ID it names
        self.tries = Counter()  # how often an address was named
        self.hanging = False
        self.port = None
        self._loop = asyncio.new_event_loop()
        self._server = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.up()

    def up(self):
        """Take calls, on the same port as before."""
        self._call(self._up())

    def down(self):
        """Be away: whoever calls is refused, and who talks is cut off."""
        self._call(self._down())

    def stop(self):
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @property
    def subjects(self):
        return Counter(taken.subject for taken in self.taken)

    def repeats(self):
        """Messages that were taken more than once, by Message-ID: how many times too often."""
        return Counter(taken.message_id for taken in self.taken) - Counter(
            {taken.message_id: 1 for taken in self.taken}
        )

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _up(self):
        self._talks = set()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port or 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _down(self):
        if self._server is not None:
            self._server.close()
            for talk in list(self._talks):
                talk.cancel()
            self._server = None

    async def _talk(self, reader, writer):
        talk = asyncio.current_task()
        self._talks.add(talk)

        async def say(line):
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        try:
            if self.hanging:
                await asyncio.sleep(3600)
            await say("220 sink")
            sender = to = ""
            while line := (await reader.readline()).decode("latin-1").strip():
                if self.hanging:
                    await asyncio.sleep(3600)
                verb = line.split(" ")[0].upper()
                if verb == "MAIL":
                    sender = re.search(r"<(.*?)>", line).group(1)
                    await say("250 fine")
                elif verb == "RCPT":
                    to = re.search(r"<(.*?)>", line).group(1)
                    self.tries[to] += 1
                    await say(self.answers.get(to, "250 fine"))
                elif verb == "DATA":
                    await say("354 go on")
                    text = (await reader.readuntil(b"\r\n.\r\n")).decode()
                    await asyncio.sleep(self.seconds)
                    self.taken.append(_read(sender, to, text))
                    if to in self.bouncing:
                        self.bounces.append((sender, self.taken[-1].message_id))
                    await say("250 taken")
                elif verb == "QUIT":
                    await say("221 bye")
                    writer.close()
                    return
                else:
                    await say("250 fine")
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(talk)
            writer.transport.abort()


def _read(sender, to, text):
    text = re.sub(r"\r\n[ \t]", " ", text)
    return Taken(
        at=time.monotonic(),
        sender=sender,
        to=to,
        message_id=re.search(r"(?im)^message-id:\s*(\S+)", text).group(1),
        subject=re.search(r"(?im)^subject:\s*(.*?)\r?$", text).group(1),
    )

"""One connection to the mail server, and what its answers mean for a message and for the rest of the batch."""

import logging
import smtplib
from dataclasses import dataclass
from email.errors import MessageError

from django.core.mail import EmailMessage, get_connection

logger = logging.getLogger(__name__)

# After so many failures in a row that are not about one message, the server is left alone until the next run.
PATIENCE = 3


@dataclass(frozen=True)
class Sent:
    """The server has taken the message over."""


@dataclass(frozen=True)
class Refused:
    """The server will never take this message. Trying again would be rude."""

    reason: str


@dataclass(frozen=True)
class NotNow:
    """The server may take this message later."""

    reason: str


@dataclass(frozen=True)
class Away(NotNow):
    """The server itself is in trouble: nothing is said about the message."""


Outcome = Sent | Refused | NotNow


class Post:
    """Sends messages one by one over one connection, which it opens when it is needed and again after a fault."""

    def __init__(self):
        self.connection = None
        self.failures = 0

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.hang_up()

    @property
    def given_up(self) -> bool:
        """Whether the server has failed so often that the rest of the batch should wait."""
        return self.failures >= PATIENCE

    def send(self, message: EmailMessage) -> Outcome:
        """Hand one message to the server. Never raises."""
        outcome = self._try(message)
        self.failures = self.failures + 1 if isinstance(outcome, Away) else 0
        if isinstance(outcome, Away):
            self.hang_up()
        return outcome

    def _try(self, message):
        try:
            if self.connection is None:
                self.connection = get_connection()
                self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            # No connection, no welcome, no sign-in: the same for every message, so no further one is tried.
            self.failures = PATIENCE
            return Away(_words(error))
        try:
            self.connection.send_messages([message])
        except (smtplib.SMTPException, OSError, ValueError, MessageError) as error:
            return what_it_means(error)
        return Sent()

    def hang_up(self):
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except (smtplib.SMTPException, OSError) as error:
                logger.info("The mail server did not say goodbye: %s", _words(error))


def what_it_means(error: Exception) -> Outcome:
    """Read a fault: about this message for good (5xx on its recipient or text), for now (4xx), or about the server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _by_code(code, text)
    if isinstance(
        error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
    ):
        # Who we are is refused, not whom we write to: an operator's matter, and no reason to drop messages.
        return Away(_words(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError | MessageError):
        # An address or a header that can't be written down.
        return Refused(_words(error))
    return Away(_words(error))


def _by_code(code, text):
    reason = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code == 421:  # "closing channel": the server leaves, whatever the message was
        return Away(reason)
    return Refused(reason) if 500 <= code < 600 else NotNow(reason)


def _words(error):
    return f"{type(error).__name__}: {error}"

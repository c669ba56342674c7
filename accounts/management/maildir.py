"""Reading a maildir: each new mail once, a broken one put aside, a database that is away leaves all where they are."""

import logging
import mailbox
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

# A file travels a third larger than it is, several come together, and there are words around them.
LARGEST = 60 * 1024 * 1024
BROKEN = "broken"


class Broken(Exception):
    """This is no mail that can be read."""


class MaildirCommand(BaseCommand):
    """A command that takes the mails of a maildir, one after the other. What was read moves to cur/, what can't be to .broken/."""

    def add_arguments(self, parser):
        parser.add_argument("maildir", help="the folder that holds new/, cur/ and tmp/")

    def take(self, content: bytes) -> str:
        """Take one mail, and say in a word what became of it. Taking the same one again changes nothing.

        Raises:
            Broken
        """
        raise NotImplementedError

    def handle(self, *args, maildir, **options):
        path = Path(maildir)
        if not (path / "new").is_dir() or not (path / "cur").is_dir():
            raise CommandError(f"{maildir} is no maildir: new/ or cur/ is missing.")
        box, counted = mailbox.Maildir(path, create=False), {}
        for name in sorted(entry.name for entry in (path / "new").iterdir() if entry.is_file()):
            outcome = self.one(path / "new" / name)
            if outcome is not None:
                counted[outcome] = counted.get(outcome, 0) + 1
                self.put_away(box, path, name, outcome)
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items()))
        self.stdout.write(words or "nothing new")

    def one(self, file: Path) -> str | None:
        """What became of one mail; None when another run has taken it away meanwhile.

        A database that is away ends the run: the mail stays where it is. Any other fault is about this mail alone.
        """
        try:
            if file.stat().st_size > LARGEST:
                return BROKEN
            return self.take(file.read_bytes())
        except FileNotFoundError:
            return None
        except Broken as error:
            logger.warning("A mail could not be read: %s", error)
            return BROKEN
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Without its words: the log holds nothing of what people write.
            logger.error("A mail could not be taken: %s", type(error).__name__)
            return BROKEN

    def put_away(self, box, path, name, outcome):
        try:
            if outcome == BROKEN:
                folder = path / f".{BROKEN}"
                if not folder.exists():
                    box.add_folder(BROKEN)
                (path / "new" / name).replace(folder / "new" / name)
            else:
                (path / "new" / name).replace(path / "cur" / f"{name.partition(':')[0]}:2,S")
        except FileNotFoundError:
            logger.info("A mail was moved by another run.")

"""Read answers by mail from a maildir. Run it every minute, by cron or a timer; running it twice adds nothing twice."""

import logging
import mailbox
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from partnerships.actions.talk.mail import take_mail
from partnerships.replies.reading import Broken, read_mail

logger = logging.getLogger(__name__)

# A file travels a third larger than it is, several come together, and there are words around them.
LARGEST = 60 * 1024 * 1024
BROKEN = "broken"


class Command(BaseCommand):
    help = (
        "Adds the answers in a maildir to Talk. What was read moves to cur/, what can't be read to .broken/."
    )

    def add_arguments(self, parser):
        parser.add_argument("maildir", help="the folder that holds new/, cur/ and tmp/")

    def handle(self, *args, maildir, **options):
        if not settings.MAIL_GATEWAY:
            raise CommandError("Set MAIL_GATEWAY to the domain of the addresses to which people answer.")
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
            return take_mail(read_mail(file.read_bytes()), at=timezone.now())
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

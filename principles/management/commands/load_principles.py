from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from principles import actions


class Command(BaseCommand):
    help = "Make the principles in the database match the reviewed file. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=actions.DATA)

    def handle(self, *args, file, **options):
        try:
            loaded = actions.load_principles(file, at=timezone.now())
        except (actions.BadPrinciples, actions.EditionInUse) as error:
            raise CommandError(str(error)) from error
        if loaded.created:
            self.stdout.write(f"Loaded edition {loaded.edition.edition}.")
        elif loaded.changed:
            self.stdout.write(f"Changed {loaded.changed} rows of edition {loaded.edition.edition}.")
        else:
            self.stdout.write(f"Edition {loaded.edition.edition} is as in the file.")

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnerships.imports import import_transfers
from partnerships.payments import BadFile

SHOWN = 20


class Command(BaseCommand):
    help = "Read a published list of payments into organisations, imported projects and transfers."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="published list", help="who published it")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )
        parser.add_argument("--all", action="store_true", help="list every doubtful pair and spelling")

    def handle(self, *args, file, source, dry_run, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            report = import_transfers(
                file, source=source, at=timezone.now(), dry_run=dry_run, progress=self.say_progress
            )
        except BadFile as error:
            raise CommandError(f"Nothing was written.\n{error}") from error
        self.say(report, dry_run, None if options["all"] else SHOWN)

    def say_progress(self, rows):
        self.stderr.write(f"{rows} rows read")

    def say(self, report, dry_run, shown):
        write = self.stdout.write
        if dry_run:
            write("Dry run: nothing was written.")
        else:
            write("Done." if report.created else "Nothing in it is new: nothing was changed.")
        write(f"Rows read: {report.rows}")
        write(f"Transfers created: {report.created}, of which without a name: {report.anonymous}")
        write(f"Transfers skipped, because they are here already: {report.skipped}")
        write(
            f"Organisations created: {report.organisations_created}, matched: {report.organisations_matched}"
        )
        write(f"Projects created: {report.projects_created}")
        if report.repeats:
            lines = ", ".join(str(line) for line in report.repeats[:shown])
            write(f"Rows that repeat another one exactly, kept as payments of their own: lines {lines}")
        if report.spellings:
            write("Different spellings of one organisation:")
            for name, others in list(report.spellings.items())[:shown]:
                write(f"  {name} ← {'; '.join(others)}")
        if report.doubtful:
            write(f"Perhaps the same, not merged ({len(report.doubtful)} pairs to look at):")
            for doubt in report.doubtful[:shown]:
                write(f"  {doubt.likeness:.2f}  {doubt.one.name}  |  {doubt.other.name}")
            if shown and len(report.doubtful) > shown:
                write(f"  and {len(report.doubtful) - shown} more: --all lists them here.")
            if not dry_run:
                write("The admin lists them under this import, each with a link to merge the two.")

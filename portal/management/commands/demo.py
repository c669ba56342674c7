from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import demo


class Command(BaseCommand):
    help = "Load made-up organisations and projects in every stage. Refuses where there is real data."

    def add_arguments(self, parser):
        parser.add_argument(
            "--here", action="store_true", help="also on a server: its passwords are known to everybody"
        )

    def handle(self, *args, here, **options):
        if not (settings.EMBEDDED or here):
            raise CommandError(
                "The demo has an administrator whose password everybody knows. "
                "On a server, load it with --here, and only where nobody will work."
            )
        call_command("load_principles", stdout=self.stdout)
        try:
            count = demo.load(at=timezone.now())
        except demo.RealData as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Loaded {count} projects." if count else "The demo is here already.")
        self.stdout.write(f"Sign in with the password {demo.PASSWORD} as:")
        for address, who in demo.SIGN_INS.items():
            self.stdout.write(f"  {address}  {who}")

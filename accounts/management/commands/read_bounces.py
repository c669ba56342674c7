"""Read what came back from a maildir. Run it every few minutes, by cron or a timer; running it twice notes nothing twice."""

from django.utils import timezone

from accounts.management.maildir import Broken, MaildirCommand
from accounts.sending.bounces import NotReadable, record_bounce


class Command(MaildirCommand):
    help = "Notes which messages came back, from the reports of mail servers in a maildir."

    def take(self, content):
        try:
            return record_bounce(content, at=timezone.now())
        except NotReadable as error:
            raise Broken(str(error)) from error

"""Read answers by mail from a maildir. Run it every minute, by cron or a timer; running it twice adds nothing twice."""

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.management.maildir import Broken, MaildirCommand
from partnerships.actions.talk.mail import take_mail
from partnerships.replies import reading


class Command(MaildirCommand):
    help = (
        "Adds the answers in a maildir to Talk. What was read moves to cur/, what can't be read to .broken/."
    )

    def handle(self, *args, **options):
        if not settings.MAIL_GATEWAY:
            raise CommandError("Set MAIL_GATEWAY to the domain of the addresses to which people answer.")
        super().handle(*args, **options)

    def take(self, content):
        try:
            mail = reading.read_mail(content)
        except reading.Broken as error:
            raise Broken(str(error)) from error
        return take_mail(mail, at=timezone.now())

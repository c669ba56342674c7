"""How fast the jobs are: messages, imports, a long table. Each runs in processes of its own, so that memory is theirs."""

import csv
import datetime as dt
import hashlib
import multiprocessing
import resource
import secrets
import socketserver
import statistics
import tempfile
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connections, transaction
from django.template import engines
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone

from accounts import sending
from accounts.days import next_sending_time
from accounts.models import How, Membership, Notice, Organisation, Person, SignInLink
from accounts.sending.gathering import DIGEST
from benchmarks.names import company_name, group_name
from evaluations.reminders import remind_reviews
from partnerships.imports import import_transfers
from partnerships.models import Project

PAYMENTS = Path(settings.BASE_DIR) / "tests" / "data" / "patient_organisation_payments_2011_2014.csv"
SENDERS = 2
BATCH = 100
FORK = multiprocessing.get_context("fork")


class Failed(Exception):
    """A job did not do what it had to."""


def _inside(pipe, work, args):
    connections.close_all()
    try:
        pipe.send((True, work(*args)))
    except BaseException:
        pipe.send((False, traceback.format_exc()))
    connections.close_all()


def apart(*works):
    """Run each (function, *arguments) in a process of its own, all at once, and give back what they returned."""
    connections.close_all()
    running = []
    for work, *args in works:
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=_inside, args=(theirs, work, args))
        process.start()
        running.append((process, ours))
    answers = [pipe.recv() for _process, pipe in running]
    for process, _pipe in running:
        process.join()
    for worked, answer in answers:
        if not worked:
            raise Failed(answer)
    return [answer for _worked, answer in answers]


def megabytes():
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# Messages -------------------------------------------------------------------------------------------


class _Sink(socketserver.StreamRequestHandler):
    """Takes every message, as fast as it can."""

    def handle(self):
        say = self.wfile.write
        say(b"220 sink\r\n")
        inside = False
        for line in self.rfile:
            if inside:
                if line == b".\r\n":
                    inside = False
                    say(b"250 taken\r\n")
                continue
            word = line[:4].upper().strip()
            if word == b"DATA":
                inside = True
                say(b"354 go on\r\n")
            elif word == b"QUIT":
                say(b"221 bye\r\n")
                return
            else:
                say(b"250 sink\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def owe(count):
    """`count` messages that are due: reviews that were opened, for people on those projects."""
    Notice.objects.all().delete()
    at = timezone.now()
    opened = Project.objects.filter(stage__in=["learn", "completed"])
    people = {}
    named = Membership.objects.filter(person__email__startswith="person-")
    for organisation, person in named.values_list("organisation", "person"):
        people.setdefault(organisation, []).append(person)
    rows = []
    # Each at once: it is the sending that is measured, not what is put together.
    Person.objects.filter(email__startswith="person-").update(mail_others=How.NOW)
    for project, reference, organisation in opened.values_list(
        "pk", "reference", "participations__organisation"
    ):
        for person in people.get(organisation, ()):
            rows.append(
                Notice(
                    key=f"bench:{project}:{person}",
                    kind="all_sent",
                    recipient_id=person,
                    project=reference,
                    subject=f"partnerships.project:{project}",
                    owed_at=at,
                    not_before=at,
                    message_id=f"<{project}.{person}@bench.example>",
                )
            )
        if len(rows) >= count:
            break
    Notice.objects.bulk_create(rows[:count], batch_size=1000)
    return len(rows[:count])


def _ours():
    while sending.send_due(at=timezone.now()).sent:
        pass


def _second_run():
    return sending.send_due(at=timezone.now()).sent


PLAIN = engines["django"].from_string(
    "{% autoescape off %}Both sides have sent their review of {{ title }}. They are open now, both at once.\n\n"
    "See where you see it alike and where not, and what to talk about first.{% endautoescape %}"
)


def _plain():
    """The limit: what has to be done for the same mail, and nothing else.

    Rows taken in batches, a link for each, the words of one kind, the two templates of every mail, one connection,
    recorded by the batch. No claim that ends, no second try, no kinds, no languages, nobody asked whether it is wanted.
    """
    text, html = get_template("emails/base.txt"), get_template("emails/base.html")
    mail = get_connection()
    mail.open()
    while True:
        with transaction.atomic():
            due = (
                Notice.objects.filter(sent_at=None)
                .order_by("pk")
                .select_for_update(skip_locked=True, of=("self",))
            )
            batch = list(due.select_related("recipient")[:BATCH])
            titles = dict(
                Project.objects.filter(reference__in=[row.project for row in batch]).values_list(
                    "reference", "title"
                )
            )
            now = timezone.now()
            tokens = [secrets.token_urlsafe(32) for _notice in batch]
            SignInLink.objects.bulk_create(
                SignInLink(
                    person=notice.recipient,
                    token_hash=hashlib.sha256(token.encode()).hexdigest(),
                    next=f"/projects/{notice.project}/results/",
                    created_at=now,
                    expires_at=now + dt.timedelta(days=3),
                )
                for notice, token in zip(batch, tokens, strict=True)
            )
            for notice, token in zip(batch, tokens, strict=True):
                title = titles[notice.project]
                context = {
                    "subject": f"{title}: both reviews are open",
                    "greeting": f"Hello {notice.recipient.name},",
                    "paragraphs": PLAIN.render({"title": title}).split("\n\n"),
                    "button": "See them side by side",
                    "link": f"{settings.SITE_URL}/sign-in/link/{token}/",
                    "why": "You get this because you are on this project.",
                    "site_url": settings.SITE_URL,
                    "help_email": settings.HELP_EMAIL,
                    "help_phone": settings.HELP_PHONE,
                    "sender": settings.SENDER_ADDRESS,
                }
                letter = EmailMultiAlternatives(
                    context["subject"],
                    text.render(context),
                    to=[notice.recipient.email],
                    reply_to=[settings.HELP_EMAIL],
                    headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
                    connection=mail,
                )
                letter.attach_alternative(html.render(context), "text/html")
                letter.send()
            Notice.objects.filter(pk__in=[row.pk for row in batch]).update(sent_at=now)
        if not batch:
            break
    mail.close()


def _timed(work, count):
    began = time.perf_counter()
    apart(*[(work,)] * SENDERS)
    seconds = time.perf_counter() - began
    sent = Notice.objects.filter(sent_at__isnull=False).count()
    if sent != count:
        raise Failed(f"{sent} of {count} messages were sent.")
    return count / seconds


@contextmanager
def _mail_server():
    """A server of its own that takes mails as fast as it can, and the settings that lead to it."""
    with _Server(("127.0.0.1", 0), _Sink) as server:
        sink = FORK.Process(target=server.serve_forever, daemon=True)
        sink.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        try:
            yield
        finally:
            sink.terminate()
            sink.join()


def messages(count, *, rounds):
    """Messages per second of two senders, beside two plain processes, in turn."""
    rates = {_ours: [], _plain: []}
    with _mail_server():
        for work in rates:
            # As in a worker that has been running for a while: modules and templates are loaded before we count.
            owe(BATCH + 1)
            work()
        for _round in range(rounds):
            for work, found in rates.items():
                found.append(_timed(work, owe(count)))
                if work is _ours and apart((_second_run,))[0]:
                    raise Failed("A second run sent something.")
    ours, plain = (statistics.median(found) for found in rates.values())
    ratio = ours / plain
    print(
        f"messages                     {ours:6.0f} a second, the limit is {plain:.0f}: {ratio:4.2f} × (≥ 0.7)"
    )
    return ratio >= 0.7


def _next_morning(days):
    """So many days from now or a little later: half past ten of a working day in London, when reminders may leave."""
    at = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=days), dt.time(10, 30), tzinfo=dt.UTC)
    return next_sending_time(at, ZoneInfo("Europe/London"), "GB") + dt.timedelta(minutes=30)


def _remind(at):
    return remind_reviews(at=at)["owed"]


def _send(at):
    while sending.send_due(at=at).sent:
        pass


def reminders():
    """Reminders of reviews: one sweep owes them, each person's become one message, two senders send those.

    The limit is that of two plain processes that send every reminder as a mail of its own, after somebody else has owed
    it: ours has the sweep and the gathering besides, and fewer mails to hand over. Both rates are printed.
    """
    Notice.objects.all().delete()
    at = _next_morning(7)
    with _mail_server():
        began = time.perf_counter()
        owed = apart((_remind, at))[0]
        swept = time.perf_counter() - began
        apart(*[(_send, at)] * SENDERS)
        seconds = time.perf_counter() - began
        settled = Notice.objects.filter(sent_at__isnull=False)
        mails = settled.filter(sent_with=None).count()
        if not owed or settled.exclude(kind=DIGEST).count() != owed:
            raise Failed(f"{settled.exclude(kind=DIGEST).count()} of {owed} reminders left.")
        if apart((_remind, at))[0] or apart((_send, at))[0] or Notice.objects.unsent().exists():
            raise Failed("A second run owed or sent something.")
        plain = _timed(_plain, owe(owed))
    ratio = owed / seconds / plain
    print(
        f"reminders                    {owed:,} owed in {swept:.1f} s, sent as {mails:,} mails: "
        f"{owed / seconds:.0f} reminders and {mails / seconds:.0f} mails a second, the limit is {plain:.0f}: "
        f"{ratio:4.2f} × (≥ 0.7)",
        flush=True,
    )
    return ratio >= 0.7


# Imports and exports --------------------------------------------------------------------------------


def _import(path, source):
    before, began = megabytes(), time.perf_counter()
    report = import_transfers(path, source=source, at=timezone.now())
    return report.created, time.perf_counter() - began, megabytes() - before


def _report(name, rows, seconds, memory, limit):
    within = seconds <= limit
    print(
        f"{name:28s} {rows:,} rows in {seconds:5.1f} s (≤ {limit} s), memory + {memory:.0f} MB   {'within' if within else 'OVER'}",
        flush=True,
    )
    return within


def import_real():
    """The 913 payments that were published."""
    created, seconds, memory = apart((_import, PAYMENTS, "published"))[0]
    if created != 913:
        raise Failed(f"{created} of 913 payments were imported.")
    return _report("import of real payments", created, seconds, memory, 5)


def import_many(rows=100_000):
    """Made-up payments of many companies to many receivers over many years; and a fifth of them, for the memory."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        # Groups that nobody else has heard of yet: others for the second file.
        for first, size in ((9_000, rows // 5), (13_000, rows)):
            path = Path(folder) / f"{size}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                write = csv.writer(file).writerow
                write(
                    [
                        "company",
                        "company_locality",
                        "payment_receiver",
                        "payment_receiver_locality",
                        "amount",
                        "currency",
                        "payment_purpose",
                        "year",
                        "is_anonymous",
                    ]
                )
                for n in range(size):
                    write(
                        [
                            company_name(2_100 + n % 60),
                            "Basel",
                            group_name(first + n % 4000),
                            "Bern",
                        ]
                        + [f"{500 + n % 9000}.0", "CHF", "Event support", 2011 + n % 8, "False"]
                    )
            created, seconds, memory = apart((_import, path, f"made up {size}"))[0]
            if created != size:
                raise Failed(f"{created} of {size} payments were imported.")
            results.append(_report("import of made-up payments", created, seconds, memory, 120))
    return all(results)


def _download(email):
    client = Client()
    client.force_login(Person.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    client.get("/projects/export/?q=nothing-like-this")
    before, began = megabytes(), time.perf_counter()
    response = client.get("/projects/export/?state=all")
    seen = []
    rows = 0
    for _line in response.streaming_content:
        rows += 1
        # The mark, the heading, and the first row that came out of the database.
        if rows <= 3:
            seen.append(time.perf_counter() - began)
    if len(seen) < 3:
        raise Failed("The table is empty.")
    return rows - 2, seen[0], seen[2], time.perf_counter() - began, megabytes() - before


def download():
    """Every project as a table, for somebody who belongs to every company."""
    person = Person.objects.create_user(
        "everywhere@bench.example", name="Everywhere", welcomed_at=timezone.now()
    )
    at = timezone.now()
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=pk, role="reader", joined_at=at)
        for pk in Organisation.objects.filter(kind="company").values_list("pk", flat=True)
    )
    rows, first, first_row, seconds, memory = apart((_download, person.email))[0]
    within = first <= 0.5 and memory <= 60
    print(
        f"projects as a table          {rows:,} rows in {seconds:.1f} s, the first byte after {first:.2f} s (≤ 0.5), "
        f"the first row after {first_row:.2f} s, memory + {memory:.0f} MB (≤ 60)   {'within' if within else 'OVER'}",
        flush=True,
    )
    return within

"""Pairs of last reviews, sent at the same instant, in a process and a database of its own.

`python -m tests.reveal 200` with DATABASE_URL set prints what came of them as JSON. Called by test_reveal_race.py.
"""

import json
import os
import sys
import threading

import django

ROUNDS = 20  # a writer who is asked to look again looks again; more often than this would be a fault


def send_pair(pair, barrier, project, review, person):
    """Send as somebody who presses the button twice, and who looks again when the page asks for it."""
    from evaluations.actions import reviews
    from tests.factories import NOON

    seen = set()
    barrier.wait(timeout=60)
    for _click in range(2):
        for _round in range(ROUNDS):
            try:
                reviews.send_review(review, actor=person, at=NOON, seen_senders=seen)
                break
            except reviews.SendersChanged:
                pair["asked_again"] += 1
                seen = {one.pk for one in reviews.senders(project)} - {review.organisation_id}
        else:
            raise AssertionError("asked to look again without an end")


def run(pairs):
    """Make the pairs, send them from two threads with a connection each, and count."""
    from django.db import connection
    from django.db.models import Count

    from accounts.models import Event, Notice
    from evaluations.models import PrincipleValue, Review
    from partnerships.models import Project
    from tests.factories import answer_all, make_project, make_reviews, member_of

    made = []
    for number in range(pairs):
        project = make_project(stage="review", title=f"Pair {number}")
        make_reviews(project)
        rows = []
        for review in project.reviews.select_related("organisation"):
            answer_all(review)
            rows.append((project, review, member_of(review.organisation)))
        made.append(rows)

    counts = {"asked_again": 0, "errors": []}
    barrier = threading.Barrier(2)

    def send_all(place):
        try:
            for rows in made:
                # Each thread begins with the other side in turn, so that neither is always first.
                try:
                    send_pair(counts, barrier, *rows[place])
                except threading.BrokenBarrierError:
                    raise
                except Exception as error:
                    counts["errors"].append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=send_all, args=[place]) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)

    opened = Event.objects.filter(verb="reviews.opened").values("project").annotate(times=Count("pk"))
    sent = Event.objects.filter(verb="review.sent").values("project").annotate(times=Count("pk"))
    return {
        "pairs": pairs,
        "in_learn": Project.objects.filter(stage="learn", reviews_opened_at__isnull=False).count(),
        "opened_once": sum(row["times"] == 1 for row in opened),
        "sent_twice": sum(row["times"] == 2 for row in sent),
        "reviews_open": Review.objects.filter(opened_at__isnull=False).count(),
        "values": PrincipleValue.objects.count(),
        "told": Notice.objects.filter(kind="all_sent").count(),
        **counts,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(run(int(sys.argv[1]))))

"""Asking for funding, or proposing it: written once, sent, answered with a reason, and a yes becomes a project."""

import pytest

from tests.factories import DAY, NOON
from tests.partnerships.funding import answer, sent, two

pytestmark = pytest.mark.django_db


def test_a_yes_becomes_a_project_with_the_plan_filled_in(side):
    sender, asker, receiver, answerer = two(side)
    request = answer(sent(sender, asker, receiver), "accepted", answerer, at=NOON + DAY)

    project = request.project
    assert project.stage == "agree"
    print(project, list(project.plan_parts.values_list("code", "organisation__name", "complete")))

"""The benchmark: what it asks for is made of the tables as they are."""

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks import seed
from partnerships.models import Project


@pytest.mark.services
@pytest.mark.django_db
def test_the_data_of_the_benchmark_fit_the_tables():
    assert connection.vendor == "postgresql"
    call_command("load_principles", verbosity=0)

    people = seed.seed(40)

    assert Project.objects.count() == 40
    assert Project.objects.visible_to(people["company"]).exists()

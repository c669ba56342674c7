import pytest

from tests.factories import make_principles


@pytest.fixture
def principles(db):
    """A published edition of the principles."""
    return make_principles()


@pytest.fixture(params=["group", "company"])
def side(request):
    """Runs a test once for each side: equal by construction is tested, not promised."""
    return request.param

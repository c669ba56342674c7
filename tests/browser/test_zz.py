import functools
import re

import pytest

from tests.browser.test_pages import wrong_at
from tests.browser.visits import VISITS
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINE = [
    v
    for v in VISITS
    if re.search(r"check_in|call_", v.name) or "check" in v.state or "with a call" in v.state
]


@pytest.mark.parametrize("visit", MINE, ids=str)
def test_look(visit, page, live_server, sign_in, console):
    world = World(visit.scene, groups=visit.partners, companies=visit.partners)
    made = functools.cache(lambda make: make(world))
    wrong = wrong_at(visit, world, made, page, live_server, sign_in, console)
    name = re.sub(r"\W+", "_", str(visit))
    for width, scheme in ((1280, "light"), (390, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"/tmp/shots_ci/{name}_{width}_{scheme}.png", full_page=True)
    assert wrong == []

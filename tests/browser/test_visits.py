"""Without a browser: no page of the site is left out when the pages are looked at."""

from tests.access.pages import PAGES
from tests.browser.visits import NO_PAGES, VISITS


def test_every_page_of_the_access_table_is_visited_or_is_said_to_be_none():
    visited = {visit.name for visit in VISITS if not visit.path}

    assert visited | set(NO_PAGES) == {name for name, page in PAGES.items() if page.method == "get"}
    assert visited & set(NO_PAGES) == set()


def test_every_visit_is_another_one():
    names = [str(visit) for visit in VISITS]

    assert sorted(set(names)) == sorted(names)

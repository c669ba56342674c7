"""Bad input in addresses: in what stands between the slashes, and behind the question mark."""

import contextlib
from urllib.parse import quote, urlencode

from django.http import QueryDict
from django.urls import reverse

from tests.access.audience import OK
from tests.access.pages import PAGES
from tests.bad_inputs import corpus
from tests.bad_inputs.outcome import ask, unfit
from tests.bad_inputs.site import PEOPLE, pages
from tests.browse import signed_in


@contextlib.contextmanager
def keys_read(patch, found):
    """Collects what views ask a query for, whether or not a link or a form has it."""
    for name in ("get", "__getitem__", "getlist", "__contains__"):
        plain = getattr(QueryDict, name)

        def read(query, key, *args, plain=plain):
            found.add(key)
            return plain(query, key, *args)

        patch.setattr(QueryDict, name, read)
    try:
        yield
    finally:
        patch.undo()


def bad_queries(keys, whole):
    """(case, query) with a bad value for every key that a page reads, and with keys that it does not."""
    if not whole:
        strange = corpus.values("R04")
        texts = [value if value.startswith("%") else quote(value) for value in strange]
        yield "R04", "&".join(f"{quote(key)}={''.join(texts)}" for key in sorted(keys))
    if not (whole and keys):
        yield "R06", "&".join(corpus.values("R06")[3:])
        return
    for value in corpus.values("R04"):
        raw = value if value.startswith("%") else quote(value)
        yield "R04", "&".join(f"{quote(key)}={raw}" for key in sorted(keys))
    for case in ("T01", "T11", "N08"):
        yield case, urlencode(dict.fromkeys(sorted(keys), corpus.values(case)[0][:1000]))
    yield from (("R06", value) for value in corpus.values("R06"))


def queries(world, scene, patch, *, people, whole):
    """(address, case, problem) of every page, asked with every bad query that it could mind."""
    for _name, address, _who, client, plain in pages(world, scene, people=people):
        found = set()
        # What is read first may lead to more being read.
        for query in ("", "?q=a&partner=a&page=1") if whole else ("?q=a&partner=a&page=1",):
            with keys_read(patch, found):
                client.get(address + query)
        for case, query in bad_queries(found - {"csrfmiddlewaretoken"}, whole):
            if "=" in query and (found or whole):
                outcome = ask(client, f"{address}?{query}", method="get")
                known = outcome.response.status_code in (plain.status_code, 200, 302, 400, 404, 422)
                yield address, case, unfit(outcome) or ("" if known else str(outcome.response.status_code))


def page_of(response):
    """What a page says in its middle: the frame around it names the address."""
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def paths(world, name, *, whole):
    """(address, case, problem) with every argument of an address made bad, one after the other."""
    page = PAGES[name]
    arguments = page.args(world)
    expected = page.expected()
    client = signed_in(
        world.person(next(who for who in PEOPLE if expected[who] == OK and who != "anonymous"))
    )
    address = reverse(name, kwargs=arguments)
    missing = ask(client, "/nowhere/", method="get").response
    values = [(case, value) for case in corpus.PATHS for value in corpus.values(case)]
    if not whole:
        values = [pair for pair in values if pair[0] == "N10" or pair[1] == "1%00"]
    for key in arguments:
        # A file's name ends with its kind.
        end = ".ics" if address.endswith(".ics") else "/"
        before, mark, after = address.partition(f"/{quote(str(arguments[key]), safe=':')}{end}")
        assert mark, f"{key} of {name} does not stand by itself"
        for case, value in values:
            bad = f"{before}/{value if '%' in value else quote(value)}{end}{after}"
            outcome = ask(client, bad, method=page.method)
            response = outcome.response
            # Whoever has a link that does not work may be asked for their address, whatever the link is.
            known = (404, *page.ok) if "token" in arguments else (404,)
            problem = unfit(outcome) or ("" if response.status_code in known else str(response.status_code))
            if not problem and page.method == "get" and "token" not in arguments:
                problem = "" if page_of(response) == page_of(missing) else "another page"
            yield bad[:90], case, problem

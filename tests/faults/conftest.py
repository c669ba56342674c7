import os

import pytest

from tests.faults.house import House, Servers

# A short form for every change (`SHORT=1 make faults`), the full one before a release.
SHORT = os.environ.get("SHORT", "") not in ("", "0")

_figures = []


@pytest.fixture(scope="session")
def servers():
    servers = Servers()
    yield servers
    servers.stop()


@pytest.fixture
def house(servers, request):
    """A database of its own, a mail server, and nothing that runs yet. Options come with `@pytest.mark.house(...)`."""
    name = request.node.name.split("[")[0].removeprefix("test_")[:50]
    marker = request.node.get_closest_marker("house")
    servers.postgres.sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE empty')
    house = House(servers, name, **(marker.kwargs if marker else {}))
    yield house
    house.stop()
    if request.node.stash.get(FAILED, False):
        print(f"\n--- what the processes of {name} wrote ---\n{(house.folder / 'log').read_text()[-6000:]}")


FAILED = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


@pytest.fixture
def figure(request):
    """Print a figure now, and again in the table at the end."""

    def print_figure(words, **figures):
        line = f"{words}: " + ", ".join(f"{name} {value}" for name, value in figures.items())
        print(f"\n    {line}")
        _figures.append(line)

    return print_figure


def pytest_terminal_summary(terminalreporter):
    if _figures:
        terminalreporter.section("faults" + (", short form" if SHORT else ""))
        for line in _figures:
            terminalreporter.write_line(line)

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
    failed = request.node.stash.get(FAILED, False)
    health = house.health() if failed else None
    house.stop()
    if failed:
        wrote = [line for line in (house.folder / "log").read_text().splitlines() if "/health" not in line]
        print(f"\n--- health of {name}: {health}; its processes wrote ---")
        print("\n".join(wrote[-80:]))


FAILED = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


@pytest.fixture
def figure():
    """Print the figures of a fault now, and all of them in a table at the end."""

    def print_figure(fault, *, due, lost, repeats, longest_page=None, **more):
        page = "" if longest_page is None else f"{longest_page:.2f} s"
        also = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in more.items())
        row = [fault, str(due), str(lost), str(repeats), page, also]
        _figures.append(row)
        print(f"\n    {'; '.join(part for part in row if part)}")

    return print_figure


HEAD = ["fault", "due", "lost", "repeats", "longest page", "also"]


def pytest_terminal_summary(terminalreporter):
    if not _figures:
        return
    terminalreporter.section("faults" + (", short form" if SHORT else ""))
    widths = [max(len(row[column]) for row in [HEAD, *_figures]) for column in range(len(HEAD) - 1)]
    for row in [HEAD, ["-" * width for width in widths] + ["-" * 30], *_figures]:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
        terminalreporter.write_line("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())

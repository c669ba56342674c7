"""One search over everything that somebody may know: what is found, group by group."""

from portal.search.groups import GROUPS, find
from portal.search.hits import SHOWN, Group, Hit

__all__ = ["GROUPS", "SHOWN", "Group", "Hit", "find"]

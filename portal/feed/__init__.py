"""Somebody's dates for the calendar program of their choice: what stands in the feed, and how it is written."""

from portal.feed.entries import Entry
from portal.feed.sources import SOURCES, entries_of
from portal.feed.writing import CONTENT_TYPE, write_calendar

__all__ = ["CONTENT_TYPE", "SOURCES", "Entry", "entries_of", "write_calendar"]

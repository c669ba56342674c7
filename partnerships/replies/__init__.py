"""Answers by mail: the address for one person and one entry, and what a mail that came to it says."""

"""Fail when a test report names a test that was skipped or expected to fail. Usage: no_skips.py REPORT"""

import sys
from xml.etree import ElementTree

cases = list(ElementTree.parse(sys.argv[1]).iter("testcase"))
skipped = [
    f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("skipped") is not None
]
print(f"{len(cases)} tests reported, {len(skipped)} skipped")
if skipped or not cases:
    sys.exit("\n".join(["Nothing may be skipped here:", *skipped]))

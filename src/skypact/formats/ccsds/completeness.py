"""What a message lacks: keywords and sections that its table requires."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Block

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Findings
    from skypact.formats.ccsds.tables import Section


def find_missing(block: Block, findings: Findings) -> None:
    """Tell every required keyword and section that is not there, from `block` downwards."""
    plan = plan_of(block.section)
    for name in plan.required:
        if name not in block.fields:
            expected = f"this keyword in {_plain(block.section)}"
            findings.fault(block.line, name, expected, "none of that name")
    inner = [item for item in block.items if isinstance(item, Block)]
    for child in inner:
        find_missing(child, findings)
    if plan.children:
        counts = Counter(child.section for child in inner)
        for section in plan.children:
            _find_uncounted(block, section, counts[section], findings)


def _find_uncounted(block: Block, section: Section, count: int, findings: Findings) -> None:
    if count < section.least:
        name = _shown(section)
        expected = f"{section.least} {_plain(section)}" if section.least > 1 else _plain(section)
        findings.fault(block.line, name, expected, str(count) if count else "none")
    elif section.most is not None and count > section.most:
        findings.fault(block.line, _shown(section), f"at most {section.most}", str(count))


def _plain(section: Section) -> str:
    """The section's name in words: not every notation spells it as XML does."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", section.name).lower()


def _shown(section: Section) -> str:
    """What keyword = value notation would show of the section."""
    marks = section.marks or section.group_marks
    if marks:
        return marks[0]
    plan = plan_of(section)
    if plan.required:
        return plan.required[0]
    needed = [child for child in plan.children if child.least]
    return _shown(needed[0]) if needed else section.name

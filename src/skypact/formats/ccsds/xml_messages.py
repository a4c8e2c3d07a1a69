"""Messages in XML, read by their tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Block, Comment, blame_repetition
from skypact.formats.ccsds.row_runs import observation_fault, row_run
from skypact.formats.ccsds.slots import Slot
from skypact.formats.ccsds.tables import Columns, Lines, Observations, Triangle
from skypact.formats.ccsds.units import factor

if TYPE_CHECKING:
    from skypact.formats.ccsds.layout import Plan
    from skypact.formats.ccsds.message import Field, Findings
    from skypact.formats.ccsds.tables import MessageTable, Section
    from skypact.formats.ccsds.xml import Element

_BREAK = re.compile(r"[ \t]*[\r\n]\s*")


def one_line(text: str) -> str:
    """Text as one line, which is all that keyword = value notation can hold."""
    return _BREAK.sub(" ", text.strip(" \t\r\n"))


def read_xml_message(
    table: MessageTable, version: str, element: Element, findings: Findings
) -> Block:
    """The sections of one message from its root element."""
    return _Reader(version, findings).block(element, table.root)


class _Reader:
    def __init__(self, version: str, findings: Findings) -> None:
        self.version = version
        self.findings = findings

    def block(self, element: Element, section: Section) -> Block:
        plan = plan_of(section)
        block = Block(element.line, section, [], {})
        last, last_name = -1, ""
        rows: list[Element] = []
        for child in element.children:
            if rows and (child.name != rows[0].name) and not isinstance(plan.rows, Triangle):
                self.end_rows(plan, block, rows)
                rows = []
            order = self.take(child, plan, block, rows)
            if 0 <= order < last:
                blame = self.findings.fault if child.name in plan.sections else self.findings.warn
                blame(child.line, child.name, "the order of the standard", f"it after {last_name}")
            if order > last:
                last, last_name = order, child.name
        if rows:
            self.end_rows(plan, block, rows)
        return block

    def take(self, child: Element, plan: Plan, block: Block, rows: list[Element]) -> int:
        """One child; its order among the others, -1 where that is not fixed."""
        if child.name == "COMMENT":
            block.items.append(Comment(child.line, one_line(child.text)))
            return -1
        if _is_row(child, plan):
            rows.append(child)
            return -1
        name = _keyword(child)
        slot = plan.slot(name)
        if slot is not None:
            self.take_field(child, name, slot, block)
            return slot.order
        if child.name in plan.sections:
            order, section = _fitting(plan.sections[child.name], child)
            block.items.append(self.block(child, section))
            return order if plan.section.ordered else -1
        expected = f"an element of {plan.section.name}"
        self.findings.fault(child.line, child.name, expected, "another")
        return -1

    def take_field(self, element: Element, name: str, slot: Slot, block: Block) -> None:
        unit = element.attributes.get("units", "").strip()
        field: Field = slot.field(element.line, name, one_line(element.text), unit, self.findings)
        block.items.append(field)
        if name in block.fields:
            blame_repetition(block.fields[name], field, self.findings)
        else:
            block.fields[name] = field
        if slot.since and self.version < slot.since:
            expected = f"a keyword of version {self.version}"
            self.findings.warn(element.line, name, expected, f"one of version {slot.since}")
        if element.children:
            inner = element.children[0]
            self.findings.fault(inner.line, inner.name, f"text in {name}", "an element")

    def end_rows(self, plan: Plan, block: Block, elements: list[Element]) -> None:
        rows = plan.rows
        assert rows is not None
        if isinstance(rows, Lines):
            text = "\n".join(one_line(element.text) for element in elements)
        elif isinstance(rows, Columns):
            text = "\n".join(self.columns(element, rows) for element in elements)
        elif isinstance(rows, Triangle):
            text = self.triangle(elements, rows)
        else:
            text = "\n".join(self.observation(element, rows) for element in elements)
        if text.strip():
            run = row_run(elements[0].line, rows, text, self.findings)
            block.items.append(run)

    def columns(self, element: Element, rows: Columns) -> str:
        found = {child.name: child for child in element.children}
        unknown = [name for name in found if name not in rows.names]
        if unknown or len(found) != len(element.children) or len(found) not in rows.widths:
            expected = " ".join(rows.names[: rows.widths[0]])
            self.findings.fault(
                element.line, element.name, expected, " ".join(found)[:80] or "none"
            )
            return ""
        units = dict(zip(rows.names, rows.units, strict=True))
        for child in element.children:
            self.judge_unit(child, units[child.name])
        return " ".join(one_line(found[name].text) or "?" for name in rows.names if name in found)

    def triangle(self, elements: list[Element], rows: Triangle) -> str:
        found = {element.name: element for element in elements}
        missing = [name for name in rows.names if name not in found]
        if missing or len(found) != len(elements):
            line, expected = elements[0].line, f"each of {len(rows.names)} elements once"
            self.findings.fault(line, (missing or [elements[0].name])[0], expected, "not so")
            return ""
        for name, unit in zip(rows.names, rows.units, strict=True):
            self.judge_unit(found[name], unit)
        words = [one_line(found[name].text) or "?" for name in rows.names]
        return "\n".join(
            " ".join(words[width * (width + 1) // 2 : (width + 1) * (width + 2) // 2])
            for width in range(len(words))
            if width * (width + 1) // 2 < len(words)
        )

    def observation(self, element: Element, rows: Observations) -> str:
        children = [child for child in element.children if child.name != "EPOCH"]
        times = [child for child in element.children if child.name == "EPOCH"]
        known = {keyword.name: keyword for keyword in rows.keywords}
        if len(times) != 1 or len(children) != 1 or children[0].name not in known:
            names = " ".join(child.name for child in element.children)
            expected = "EPOCH and one kind of observation"
            self.findings.fault(element.line, element.name, expected, names[:80] or "none")
            return ""
        value = children[0]
        self.judge_unit(value, known[value.name].unit)
        words = f"{one_line(times[0].text)} {one_line(value.text)}"
        fault = observation_fault(value.line, Slot(known[value.name], -1), words)
        if fault:
            self.findings.take(fault)
        return f"{value.name} {words}"

    def judge_unit(self, element: Element, unit: str) -> None:
        stated = element.attributes.get("units", unit)
        if stated != unit and (not unit or factor(stated, unit) != 1.0):
            self.findings.fault(element.line, element.name, f"units {unit or 'none'}", stated[:20])


def _is_row(child: Element, plan: Plan) -> bool:
    rows = plan.rows
    if isinstance(rows, Triangle):
        return child.name in rows.names
    return rows is not None and child.name == rows.element


def _keyword(element: Element) -> str:
    """The keyword of an element: `USER_DEFINED parameter="X"` is USER_DEFINED_X."""
    parameter = element.attributes.get("parameter")
    return element.name if parameter is None else f"{element.name}_{parameter}"


def _fitting(candidates: list[tuple[int, Section]], element: Element) -> tuple[int, Section]:
    """Of the sections that share an element's name, the one that knows its first keyword."""
    if len(candidates) > 1:
        for child in element.children:
            for order, section in candidates:
                if plan_of(section).slot(_keyword(child)) is not None:
                    return order, section
    return candidates[0]

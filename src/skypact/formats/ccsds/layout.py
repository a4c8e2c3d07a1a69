"""Tables as the readers use them: keywords looked up by name, each with its place.

A *plan* is one section as XML and JSON have it. A *scope* is what keyword = value notation
shows between two marks, with the sections that have no marks in it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from skypact.formats.ccsds.slots import Slot
from skypact.formats.ccsds.tables import Keyword, Observations, Section

if TYPE_CHECKING:
    from skypact.formats.ccsds.tables import MessageTable, Rows

Path = tuple[Section, ...]


class Plan:
    """One section: `slots` and `sections` by name, its `rows`, and what has to be there."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.slots: dict[str, Slot] = {}
        self.prefixes: dict[str, Slot] = {}
        self.sections: dict[str, list[tuple[int, Section]]] = {}
        self.children: list[Section] = []
        self.rows: Rows | None = None
        self.rows_order = 0
        for order, item in enumerate(section.items):
            if isinstance(item, Keyword):
                slot = Slot(item, order if section.ordered else -1)
                (self.prefixes if item.name.endswith("*") else self.slots)[item.name] = slot
            elif isinstance(item, Section):
                self.sections.setdefault(item.element or item.name, []).append((order, item))
                self.children.append(item)
            else:
                self.rows, self.rows_order = item, order
        self.required = tuple(name for name, slot in self.slots.items() if slot.keyword.required)

    def slot(self, name: str) -> Slot | None:
        """The keyword of this name, or the one that stands for all of this beginning."""
        found = self.slots.get(name)
        if found is not None or not self.prefixes:
            return found
        return prefixed(self.prefixes, name)


class Place:
    """A keyword in its scope: the sections down to it, and whether it begins one of several.

    `begins` is the depth in `path` of the section that the keyword begins a new one of,
    `begins_section` that of the section whose first part holds the keyword; -1: none.
    """

    __slots__ = ("begins", "begins_section", "order", "path", "slot")

    def __init__(self, slot: Slot, path: Path, order: int) -> None:
        self.slot = slot
        self.path = path
        self.order = order if slot.order >= 0 else -1
        self.begins = _begins(path, slot.keyword)
        self.begins_section = _begins_section(path)


class MarkedSection:
    """A section, or a group of them, between marks: where it stands, and what is in it."""

    def __init__(self, section: Section, path: Path, order: int, stop: str) -> None:
        self.path = path
        self.order = order
        self.stop = stop
        self.section = section
        self.is_group = section.group_marks is not None
        self.scope = Scope(section)
        self.begins = _begins(path, section)


class Scope:
    """The keywords, marks and rows that may stand between the marks of `section`.

    `twins` are keywords that several of its sections have.
    """

    def __init__(self, section: Section) -> None:
        self.section = section
        self.places: dict[str, Place] = {}
        self.twins: dict[str, list[Place]] = {}
        self.prefixes: dict[str, Slot] = {}
        self.prefix_paths: dict[str, Path] = {}
        self.marked: dict[str, MarkedSection] = {}
        self.rows: Rows | None = None
        self.rows_path: Path = ()
        self.observations: dict[str, Slot] = {}
        self._order = 0
        self._take(section, (section,) if section.group_marks else ())

    def _take(self, section: Section, path: Path) -> None:
        plan = plan_of(section)
        for item in section.items:
            self._order += 1
            if isinstance(item, Keyword):
                self._take_keyword(plan, item, path)
            elif isinstance(item, Section):
                self._take_section(item, path)
            else:
                self.rows, self.rows_path = item, path
                if isinstance(item, Observations):
                    self.observations = {one.name: Slot(one, -1) for one in item.keywords}

    def _take_keyword(self, plan: Plan, item: Keyword, path: Path) -> None:
        slot = plan.slots.get(item.name) or plan.prefixes[item.name]
        if item.name.endswith("*"):
            self.prefixes[item.name], self.prefix_paths[item.name] = slot, path
        elif item.name in self.twins:
            self.twins[item.name].append(Place(slot, path, self._order))
        elif item.name in self.places:
            self.twins[item.name] = [self.places.pop(item.name), Place(slot, path, self._order)]
        else:
            self.places[item.name] = Place(slot, path, self._order)

    def _take_section(self, item: Section, path: Path) -> None:
        marks = item.marks or item.group_marks
        if marks is None:
            self._take(item, (*path, item))
        else:
            self.marked[marks[0]] = MarkedSection(item, path, self._order, marks[1])

    @property
    def has_rows(self) -> bool:
        """Whether lines may stand in it that are no keywords."""
        own = self.rows is not None and not isinstance(self.rows, Observations)
        return own or any(marked.scope.has_rows for marked in self.marked.values())

    def place(self, name: str, path: Path) -> Place | None:
        """The place of a keyword that is not in `places`.

        It has several, of which that in the section at `path` counts, or else the first; or it
        begins as the user-defined ones do.
        """
        twins = self.twins.get(name)
        if twins:
            return next((twin for twin in twins if twin.path is path), twins[0])
        slot = prefixed(self.prefixes, name)
        if slot is None:
            return None
        return Place(slot, self.prefix_paths[slot.name], -1)


def prefixed(prefixes: dict[str, Slot], name: str) -> Slot | None:
    """The slot `BEGINNING_*` that the name fits, if any."""
    fits = (slot for key, slot in prefixes.items() if name.startswith(key[:-1]))
    return next((slot for slot in fits if len(name) >= len(slot.name)), None)


def _begins(path: Path, first: Keyword | Section) -> int:
    """The depth of the outermost repeating section that `first` is the first of; -1: none."""
    for depth, section in enumerate(path):
        if section.most != 1 and _first(section) is first:
            return depth
    return -1


def _begins_section(path: Path) -> int:
    for depth, section in enumerate(path):
        below = zip(path[depth:], path[depth + 1 :], strict=False)
        if section.most != 1 and all(inner is outer.items[0] for outer, inner in below):
            return depth
    return -1


def _first(section: Section) -> Keyword | Section | Rows:
    """What a section shows first in keyword = value notation."""
    item: Keyword | Section | Rows = section.items[0]
    while isinstance(item, Section) and item.marks is None and item.group_marks is None:
        item = item.items[0]
    return item


@cache
def plan_of(section: Section) -> Plan:
    """The plan of a section, made once."""
    return Plan(section)


@cache
def scope_of(table: MessageTable) -> Scope:
    """What a whole message may hold in keyword = value notation, made once."""
    return Scope(table.root)

"""What an Orbit Comprehensive Message's rows hold, and what its keywords ask of one another.

Source: CCSDS 502.0-B-3 (2023), section 6.2 and tables 6-8 and 6-9; widths and units of element
sets after the registry of orbital elements that its annex B7 names.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from skypact.formats.ccsds.orbit_rules import time_system_is_known, warn_unless_positive
from skypact.formats.ccsds.rows import is_number
from skypact.formats.ccsds.times import EXPECTED, clock_readings
from skypact.formats.ccsds.units import factor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from skypact.formats.ccsds.message import Block, Findings, Message

    Words = list[str]

_POSITION, _VELOCITY, _ACCELERATION = ("km",) * 3, ("km/s",) * 3, ("km/s**2",) * 3
_SPHERICAL = (*("deg",) * 4, "km", "km/s")
_KEPLERIAN = ("km", "n/a", *("deg",) * 4)
_EQUINOCTIAL = ("km", "n/a", "n/a", "deg", "n/a", "n/a")
ELEMENTS = {
    "ADBARV": _SPHERICAL,
    "CARTP": _POSITION,
    "CARTPV": _POSITION + _VELOCITY,
    "CARTPVA": _POSITION + _VELOCITY + _ACCELERATION,
    "DELAUNAY": (*("km**2/s",) * 3, *("deg",) * 3),
    "EQUINOCTIAL": _EQUINOCTIAL,
    "EQUINOCTIALMOD": _EQUINOCTIAL,
    "GEODETIC": _SPHERICAL,
    "KEPLERIAN": _KEPLERIAN,
    "KEPLERIANMEAN": _KEPLERIAN,
    "LDBARV": _SPHERICAL,
    "ONSTATION": ("km", *("n/a",) * 4, "deg"),
}
# A seventh number, the retrograde factor, came and went with the registry's versions.
_MAY_HAVE_FACTOR = ("EQUINOCTIAL", "EQUINOCTIALMOD")
_TRIANGLES = ("LTM", "UTM")
_ORDERINGS = (*_TRIANGLES, "FULL", "LTMWCC", "UTMWCC")
_EIGENVECTORS = {"SIG3EIGVEC3": 12, "TSIG3EIGVEC3": 13}

_TIMES = {"TIME_ABSOLUTE": "n/a", "TIME_RELATIVE": "s"}
_BURN = {
    "MAN_DURA": "s",
    "DELTA_MASS": "kg",
    "ACC_X": "km/s**2",
    "ACC_Y": "km/s**2",
    "ACC_Z": "km/s**2",
    "ACC_INTERP": "n/a",
    "ACC_MAG_SIGMA": "%",
    "ACC_DIR_SIGMA": "deg",
    "DV_X": "km/s",
    "DV_Y": "km/s",
    "DV_Z": "km/s",
    "DV_MAG_SIGMA": "%",
    "DV_DIR_SIGMA": "deg",
    "THR_X": "N",
    "THR_Y": "N",
    "THR_Z": "N",
    "THR_EFFIC": "n/a",
    "THR_INTERP": "n/a",
    "THR_ISP": "s",
    "THR_MAG_SIGMA": "%",
    "THR_DIR_SIGMA": "deg",
}
_DEPLOYMENT = {
    "DEPLOY_ID": "n/a",
    "DEPLOY_DV_X": "km/s",
    "DEPLOY_DV_Y": "km/s",
    "DEPLOY_DV_Z": "km/s",
    "DEPLOY_MASS": "kg",
    "DEPLOY_DV_SIGMA": "%",
    "DEPLOY_DIR_SIGMA": "deg",
    "DEPLOY_DV_RATIO": "n/a",
    "DEPLOY_DV_CDA": "m**2",
}
_ON_OFF = ("ACC_INTERP", "THR_INTERP")
_OF_TIME = ("DC_WIN_OPEN", "DC_WIN_CLOSE", "DC_EXEC_START", "DC_EXEC_STOP", "DC_REF_TIME",
            "DC_TIME_PULSE_DURATION", "DC_TIME_PULSE_PERIOD")  # fmt: skip
_OF_ANGLE = ("DC_REF_DIR", "DC_BODY_FRAME", "DC_BODY_TRIGGER", "DC_PA_START_ANGLE",
             "DC_PA_STOP_ANGLE")  # fmt: skip
# Sections whose keywords have a default, of which the reader should know that it was taken.
_DEFAULTS = {
    "traj": {"CENTER_NAME": "EARTH", "TRAJ_REF_FRAME": "ICRF3", "TRAJ_TYPE": "CARTPV"},
    "cov": {"COV_REF_FRAME": "TNW_INERTIAL", "COV_TYPE": "CARTPV", "COV_ORDERING": "LTM"},
    "man": {"MAN_REF_FRAME": "TNW_INERTIAL", "DC_TYPE": "CONTINUOUS"},
}


def _defaults(message: Message, findings: Findings) -> None:
    for name, defaults in _DEFAULTS.items():
        for block in message.root.everywhere(name):
            for keyword, default in defaults.items():
                if block.text(keyword) is None:
                    findings.warn(block.line, keyword, "this keyword", f"its default, {default}")


def _trajectories(message: Message, findings: Findings) -> None:
    for block in message.root.everywhere("traj"):
        _ask_together(block, "ORB_REVNUM", ("ORB_REVNUM_BASIS",), findings)
        if (block.text("INTERPOLATION") or "PROPAGATE").upper() != "PROPAGATE":
            _ask_together(block, "INTERPOLATION", ("INTERPOLATION_DEGREE",), findings)
        kind = (block.text("TRAJ_TYPE") or "CARTPV").upper()
        units = _elements(block, "TRAJ_TYPE", kind, findings)
        if units is None:
            continue
        _units(block, "TRAJ_UNITS", units, kind, findings)
        widths = (len(units), len(units) + 1) if kind in _MAY_HAVE_FACTOR else (len(units),)
        _numbers(block, kind, widths, findings)


def _covariances(message: Message, findings: Findings) -> None:
    for block in message.root.everywhere("cov"):
        kind = (block.text("COV_TYPE") or "CARTPV").upper()
        ordering = (block.text("COV_ORDERING") or "LTM").upper()
        if ordering not in _ORDERINGS:
            line = block.fields["COV_ORDERING"].line
            findings.fault(line, "COV_ORDERING", f"one of {', '.join(_ORDERINGS)}", ordering)
            continue
        if kind in _EIGENVECTORS:
            _numbers(block, kind, (_EIGENVECTORS[kind],), findings)
            continue
        has_time = kind not in ELEMENTS and kind[1:] in ELEMENTS and kind.startswith("T")
        units = _elements(block, "COV_TYPE", kind[1:] if has_time else kind, findings)
        if units is None:
            continue
        units = ("s", *units) if has_time else units
        _units(block, "COV_UNITS", units, kind, findings)
        size = len(units)
        width = size * (size + 1) // 2 if ordering in _TRIANGLES else size * size
        for line, numbers in _numbers(block, f"{kind} in {ordering}", (width,), findings):
            if ordering == "LTM":
                warn_unless_positive([*map(float, numbers)], line, "covariance", findings)


def _maneuvers(message: Message, findings: Findings) -> None:
    for block in message.root.everywhere("man"):
        _duty_cycle(block, findings)
        stated = block.fields.get("MAN_COMPOSITION")
        if stated is None or not stated.value:
            continue
        names = [name.strip().upper() for name in stated.value.split(",")]
        if _is_composition(names, stated.line, findings):
            units = [(_BURN | _DEPLOYMENT)[name] for name in names if name not in _TIMES]
            leading = [_TIMES[name] for name in names if name in _TIMES]
            _units(block, "MAN_UNITS", tuple(units), "this composition", findings, leading)
            _burns(block, names, findings)


def _is_composition(names: list[str], line: int, findings: Findings) -> bool:
    """Times first, then names of one of the two tables in its order, none twice."""
    times = [name for name in names if name in _TIMES]
    if not times or names[: len(times)] != times:
        expected = "TIME_ABSOLUTE or TIME_RELATIVE as its first element"
        findings.fault(line, "MAN_COMPOSITION", expected, names[0][:40])
        return False
    if len(times) > 1:
        findings.warn(line, "MAN_COMPOSITION", "one time", " and ".join(times))
    table = list(_DEPLOYMENT if any(name in _DEPLOYMENT for name in names) else _BURN)
    rest = names[len(times) :]
    for name in rest:
        if name not in table:
            findings.fault(line, "MAN_COMPOSITION", f"one of {', '.join(table)}", name[:40])
            return False
    if len(set(names)) != len(names):
        findings.fault(line, "MAN_COMPOSITION", "each element once", "one of them again")
        return False
    if sorted(rest, key=table.index) != rest:
        findings.warn(line, "MAN_COMPOSITION", "the order of the standard's table", ", ".join(rest))
    return True


def _burns(block: Block, names: list[str], findings: Findings) -> None:
    for line, words in _rows(block):
        if len(words) != len(names):
            findings.fault(line, words[0], f"{len(names)} values", f"{len(words)} values")
            continue
        for name, word in zip(names, words, strict=True):
            if name == "DEPLOY_ID":
                continue
            if name == "TIME_ABSOLUTE":
                _absolute([word], [line], findings)
            elif name in _ON_OFF:
                if word.upper() not in ("ON", "OFF"):
                    findings.fault(line, name, "ON or OFF", word)
            elif not is_number(word):
                findings.fault(line, name, "a finite decimal number", repr(word[:40]))


def _duty_cycle(block: Block, findings: Findings) -> None:
    kind = (block.text("DC_TYPE") or "CONTINUOUS").upper().replace(" ", "_")
    asked = {"CONTINUOUS": (), "TIME": _OF_TIME, "TIME_AND_ANGLE": _OF_TIME + _OF_ANGLE}
    if kind not in asked:
        findings.fault(block.fields["DC_TYPE"].line, "DC_TYPE", f"one of {', '.join(asked)}", kind)
        return
    _ask_together(block, "DC_TYPE", asked[kind], findings)


def _filled(message: Message, findings: Findings) -> None:
    """A section that announces rows has some (tables 6-4, 6-6 and 6-7)."""
    for name in ("traj", "cov", "man"):
        for block in message.root.everywhere(name):
            if any(block.runs()):
                continue
            tell = findings.fault if block.fields else findings.warn
            tell(block.line, name, "at least one row", "none")


def _whole(message: Message, findings: Findings) -> None:
    for metadata in message.root.everywhere("metadata"):
        _suggest_together(metadata, "NEXT_LEAP_EPOCH", "NEXT_LEAP_TAIMUTC", findings)
        if (metadata.text("TIME_SYSTEM") or "").upper() == "SCLK":
            asked = ("SCLK_OFFSET_AT_EPOCH", "SCLK_SEC_PER_SI_SEC")
            _ask_together(metadata, "TIME_SYSTEM", asked, findings)
    for data in message.root.everywhere("data"):
        determination = data.block("od")
        if determination is not None and data.block("pert") is None:
            expected = "perturbations beside an orbit determination"
            findings.warn(determination.line, "PERT_START", expected, "none")


RULES = (_defaults, _filled, _trajectories, _covariances, _maneuvers, _whole, time_system_is_known)


def _elements(block: Block, keyword: str, kind: str, findings: Findings) -> tuple[str, ...] | None:
    if kind in ELEMENTS:
        return ELEMENTS[kind]
    line = block.fields[keyword].line
    findings.warn(line, keyword, f"one of {', '.join(ELEMENTS)}, to check the rows", kind[:40])
    return None


def _numbers(
    block: Block, kind: str, widths: Collection[int], findings: Findings
) -> list[tuple[int, Words]]:
    """Check rows `time number …`; the lines and numbers of those that hold."""
    good, times, lines = [], [], []
    for line, words in _rows(block):
        if len(words) - 1 not in widths:
            expected = f"a time and {' or '.join(map(str, widths))} numbers of {kind}"
            findings.fault(line, words[0][:40], expected, f"{len(words) - 1} numbers")
            continue
        wrong = next((word for word in words[1:] if not is_number(word)), None)
        if wrong is not None:
            findings.fault(line, words[0], "finite decimal numbers", repr(wrong[:40]))
            continue
        times.append(words[0])
        lines.append(line)
        good.append((line, words[1:]))
    _time_tags(block, times, lines, findings)
    return good


def _time_tags(block: Block, tags: list[str], lines: list[int], findings: Findings) -> None:
    seconds = [(float(tag), line) for tag, line in zip(tags, lines, strict=True) if is_number(tag)]
    dated = [(t, i) for t, i in zip(tags, lines, strict=True) if not is_number(t)]
    if seconds and dated:
        found = "seconds and dates"
        findings.warn(block.line, "time tags", "times all relative or all absolute", found)
    readings = _absolute([tag for tag, _ in dated], [line for _, line in dated], findings)
    for series in (seconds, readings):
        for (earlier, _), (later, line) in pairwise(series):
            if later <= earlier:
                findings.warn(line, "time tags", "times that increase", "one not after the last")
                break


def _absolute(tags: list[str], lines: list[int], findings: Findings) -> list[tuple[float, int]]:
    readings = clock_readings(tags)
    for tag, line, bad in zip(tags, lines, readings.unreadable.tolist(), strict=True):
        if bad:
            findings.fault(line, "time tag", f"seconds, or {EXPECTED}", repr(tag[:40]))
    return [*zip((readings.clock_ns + readings.second_60 * 10**9).tolist(), lines, strict=True)]


def _units(
    block: Block,
    keyword: str,
    units: tuple[str, ...],
    kind: str,
    findings: Findings,
    leading: Collection[str] = (),
) -> None:
    """Stated units document; others than the standard's leave in doubt what is meant."""
    stated = block.fields.get(keyword)
    if stated is None or not stated.value:
        return
    found = [unit.strip() for unit in stated.value.strip("[] ").split(",")]
    without_times = found[-len(units) :] if len(found) == len(units) + len(leading) else found
    fits = len(without_times) == len(units) and all(map(_is_same, without_times, units))
    if not fits:
        findings.fault(stated.line, keyword, f"[{', '.join(units)}] for {kind}", stated.value[:80])


def _is_same(found: str, wanted: str) -> bool:
    return found.lower() == wanted if wanted == "n/a" else factor(found, wanted) == 1.0


def _ask_together(block: Block, given: str, asked: tuple[str, ...], findings: Findings) -> None:
    stated = block.fields.get(given)
    if stated is None or not stated.value:
        return
    for keyword in asked:
        if block.text(keyword) is None:
            expected = f"this keyword with {given} = {stated.value[:40]}"
            findings.fault(stated.line, keyword, expected, "none of that name")


def _suggest_together(block: Block, given: str, asked: str, findings: Findings) -> None:
    stated = block.fields.get(given)
    if stated is not None and block.text(asked) is None:
        findings.warn(stated.line, asked, f"this keyword with {given}", "none of that name")


def _rows(block: Block) -> Iterator[tuple[int, Words]]:
    for run in block.runs():
        for line, text in enumerate(run.text.split("\n"), start=run.line):
            words = text.split()
            if words:
                yield line, words

"""A screening as an analyst reads it in a terminal of 100 columns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from skypact.astro.time import utc_text
from skypact.cli.say import count
from skypact.cli.text import standard_output
from skypact.records.marks import DataMode
from skypact.records.ranked_conjunctions import RankedConjunctions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.records.conjunctions import Certificate, Conjunctions, Coverage, Screening

_NARROWEST_NAME = 12
_GROUPS_SHOWN = 4
_REASONS_SHOWN = 3
_DAY_S = 86_400.0
_FLAGS = (
    ("edge", "smallest range at the edge of the window or of an object's coverage"),
    ("stay", "no minimum of range inside the volume; the row is its smallest range"),
    ("leap", "inside a leap second"),
    ("invalid", "2D-Pc does not hold for the row; --format csv says why"),
)
_ACCURACY = (
    "Public element sets are good to about 1 km, worse with age: a miss distance below that says "
    "that the two pass close, not how close."
)


def show(
    screening: Screening, *, catalogue: str, top: int, of: str = "", volume: str | None = None
) -> None:
    """Print heading, the `top` closest rows by time of closest approach, and footer.

    `of` names the primaries, `volume` what was asked for instead of a distance.
    """
    console = standard_output()
    for line in _heading(screening, catalogue, of, volume):
        console.print(line)
    rows = closest(screening.conjunctions, top)
    if isinstance(screening.conjunctions, RankedConjunctions):
        rows = most_urgent(screening.conjunctions, top)
    if len(rows):
        console.print(_table(rows, console.width))
    for line in _footer(screening, rows):
        console.print(line)


def closest(conjunctions: Conjunctions, top: int) -> Conjunctions:
    """The rows with the smallest miss distances, in order of time.

    Pairs that fly together, which would fill the table, are told by `_groups` instead.
    """
    nearest = np.argsort(conjunctions.miss_distance_m, kind="stable")
    chosen = nearest[conjunctions.group[nearest] < 0][:top]
    return conjunctions[chosen[np.argsort(conjunctions.tca_utc[chosen], kind="stable")]]


def _heading(screening: Screening, catalogue: str, of: str, volume: str | None) -> Iterator[str]:
    marks, certificate = screening.conjunctions.marks, screening.certificate
    if marks.data_mode is not DataMode.REAL:
        yield f"[bold reverse] {marks.data_mode} [/] invented objects, not the real sky"
    whose = f" of {escape(of)}" if of else ""
    found = count(len(screening.conjunctions), "close approach")
    yield f"[bold]{found}[/]{whose} in {escape(catalogue)}"
    yield (
        f"from {certificate.start_utc} to {certificate.end_utc}, "
        f"{_limits(certificate, volume)}, SGP4 mode {certificate.sgp4_mode}"
    )
    yield from _covered(screening.coverage)


def _limits(certificate: Certificate, volume: str | None) -> str:
    if volume is not None:
        return f"inside the volume {escape(volume)}"
    limits = [_length(limit_m) for limit_m in certificate.thresholds_m if np.isfinite(limit_m)]
    return f"closer than {', '.join(limits)}" if limits else "inside a volume"


def _covered(coverage: Coverage) -> Iterator[str]:
    """How many went in, and every reason why one was not screened or only partly."""
    told = list(zip(coverage.status.tolist(), coverage.reason.tolist(), strict=True))
    counted = Counter(status for status, _ in told)
    yield f"{counted['SCREENED']:,} of {len(coverage):,} element sets screened"
    for status, number in sorted(counted.items()):
        reasons = [reason for one, reason in told if one == status and reason]
        if status != "SCREENED":
            yield f"  {number:,} {escape(status)}{_such_as(reasons)}"
        elif reasons:
            yield f"  {len(reasons):,} of them with a warning{_such_as(reasons)}"


def _such_as(reasons: list[str]) -> str:
    if not reasons:
        return ""
    words = ", such as: " if len(set(reasons)) > 1 else ": "
    return words + escape(reasons[0])


def most_urgent(conjunctions: RankedConjunctions, top: int) -> RankedConjunctions:
    """The rows that need attention most, in that order, without pairs that fly together."""
    from skypact.ssa.screening_risk import most_urgent_first

    order = most_urgent_first(conjunctions)
    return conjunctions[order[conjunctions.group[order] < 0][:top]]


_TITLES = ("closest approach UTC", "miss", "km/s", "object", "other object", "age, d", "")
_RANKED_TITLES = (
    "level", "Pc", "closest approach UTC", "miss", "object", "other object", "age, d", ""
)  # fmt: skip
_NUMBERS = ("miss", "km/s", "age, d", "Pc")
_NAMES = ("object", "other object")


def _table(rows: Conjunctions, width: int) -> Table:
    is_ranked = isinstance(rows, RankedConjunctions)
    titles = _RANKED_TITLES if is_ranked else _TITLES
    cells = [_ranked_cells(row) if is_ranked else _cells(row) for row in rows.rows()]
    widths = {
        title: max(map(len, column))
        for title, column in zip(titles, zip(titles, *cells, strict=True), strict=True)
    }
    # Names give way, so that no number is ever cut.
    rest = width - len(titles) - sum(widths[title] for title in titles if title not in _NAMES)
    widths |= dict.fromkeys(_NAMES, max(rest // 2, _NARROWEST_NAME))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=0, show_edge=False)
    for title in titles:
        table.add_column(
            title,
            justify="right" if title in _NUMBERS else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=widths[title],
        )
    for row in cells:
        table.add_row(*map(escape, row))
    return table


def _ranked_cells(row: dict[str, Any]) -> tuple[str, ...]:
    tca, miss, _, *rest = _cells(row)
    probability = row["collision_probability"]
    known = probability == probability
    return (
        str(row["level"]),
        f"{probability:.1e}" if known else "unknown",
        tca.partition(".")[0],
        miss,
        *rest,
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    tca = utc_text(row["tca_utc"], in_leap_second=bool(row["tca_in_leap_second"]))
    ages = (row["primary_age_s"] / _DAY_S, row["secondary_age_s"] / _DAY_S)
    return (
        tca.replace("T", " ").removesuffix("Z"),
        _length(row["miss_distance_m"]),
        f"{row['relative_speed_m_s'] / 1e3:.3f}",
        _object(row["primary_norad_id"], row["primary_name"]),
        _object(row["secondary_norad_id"], row["secondary_name"]),
        "/".join("?" if np.isnan(age) else f"{age:.1f}" for age in ages),
        " ".join(flags(row)),
    )


def flags(row: dict[str, Any]) -> list[str]:
    """What is unusual about a row, in the words that the footer explains."""
    raised = (
        row["at_edge"],
        not row["is_minimum"],
        row["tca_in_leap_second"],
        row.get("probability_validity") == "not valid",
    )
    return [word for (word, _), is_so in zip(_FLAGS, raised, strict=True) if is_so]


def _object(norad_id: int, name: str) -> str:
    short = str(name).removeprefix("EXERCISE ")  # the heading says it for all
    return f"{norad_id} {short}" if norad_id >= 0 else short


def _length(metres: float) -> str:
    return f"{metres / 1e3:.3f} km" if metres >= 1000.0 else f"{metres:.1f} m"


def _footer(screening: Screening, shown: Conjunctions) -> Iterator[str]:
    conjunctions, certificate = screening.conjunctions, screening.certificate
    alone = int(np.count_nonzero(conjunctions.group < 0))
    if alone > len(shown):
        less = "urgent" if isinstance(conjunctions, RankedConjunctions) else "close"
        yield (
            f"{alone - len(shown):,} more, less {less}: --top {alone}, "
            "or all in every column: --format csv"
        )
    if isinstance(conjunctions, RankedConjunctions):
        yield from _ranking(conjunctions)
    yield from _groups(conjunctions)
    raised = {word for row in shown.rows() for word in flags(row)}
    for word, meaning in _FLAGS:
        if word in raised:
            yield f"{word}: {meaning}"
    yield (
        f"Certificate: {escape(certificate.method)}; no pair is missed for an interpolation error "
        f"up to {_length(certificate.largest_interpolation_error_bound_m)} or a relative speed up "
        f"to {certificate.largest_relative_speed_bound_m_s / 1e3:.1f} km/s."
    )
    yield _ACCURACY
    if len(shown) and not isinstance(conjunctions, RankedConjunctions):
        yield "Next: --probability orders the rows by how likely a collision is."


def _ranking(conjunctions: RankedConjunctions) -> Iterator[str]:
    """How many rows have which level, why some are unknown, and what the numbers are good for."""
    counted = Counter(map(str, conjunctions.level))
    told = ("RED", "UNKNOWN", "YELLOW", "GREEN")
    yield "Levels: " + ", ".join(f"{counted[level]:,} {level}" for level in told)
    unknown = conjunctions.level == "UNKNOWN"
    reasons = Counter(map(str, conjunctions.probability_reason[unknown]))
    for reason, number in reasons.most_common(_REASONS_SHOWN):
        yield f"  {number:,} UNKNOWN: {escape(reason)}"
    yield (
        "Pc and level rest on errors of element sets from a table, not on covariances of these "
        "objects: good for ranking, not for deciding. For a decision ask for a conjunction "
        "message of the pair, then: skypact conjunctions assess MESSAGE"
    )


def _groups(conjunctions: Conjunctions) -> Iterator[str]:
    """Objects that are docked or fly together, the largest groups by name."""
    together = conjunctions[conjunctions.group >= 0]
    if not len(together):
        return
    numbers, sizes = np.unique(together.group, return_counts=True)
    yield (
        f"Not in the table: {len(together):,} of objects docked or flying together, "
        f"in {len(numbers):,} group{'s' if len(numbers) > 1 else ''} (--format csv has them):"
    )
    for number in numbers[np.argsort(-sizes, kind="stable")][:_GROUPS_SHOWN]:
        rows = together[together.group == number]
        names = list(dict.fromkeys([*rows.primary_name, *rows.secondary_name]))
        rest = f" and {len(names) - 2} more" if len(names) > 2 else ""
        nearest = _length(float(rows.miss_distance_m.min()))
        yield f"  {escape(', '.join(names[:2]))}{rest}: closest {nearest}"
    if len(numbers) > _GROUPS_SHOWN:
        yield f"  and {len(numbers) - _GROUPS_SHOWN} more groups"

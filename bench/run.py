"""Ours and theirs from one run: `python bench/run.py [TASK ...] [--quick] [--format json]`.

The yardstick, the reference's own speed, is always measured first, so that machines compare.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from figures import HEADINGS, YARDSTICK, Figure, cells, row
from measuring import run_skypact
from setting import MissingDataError, full_setting, quick_setting
from tasks import (
    avoidance,
    backtests,
    brute_force,
    kd_tree,
    messages,
    monte_carlo,
    probability,
    random_pairs,
    ranking,
    scaling,
    screening,
    sgp4,
    yardstick,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from setting import Setting

TASKS = {
    YARDSTICK: yardstick.figures,
    "sgp4": sgp4.figures,
    "screening": screening.figures,
    "kd_tree": kd_tree.figures,
    "brute_force": brute_force.figures,
    "random_pairs": random_pairs.figures,
    "backtests": backtests.figures,
    "scaling": scaling.figures,
    "messages": messages.figures,
    "ranking": ranking.figures,
    "probability": probability.figures,
    "monte_carlo": monte_carlo.figures,
    "avoidance": avoidance.figures,
}
NOT_HELD = 1
UNUSABLE = 3


def main(arguments: Sequence[str]) -> int:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := set(asked.task) - set(TASKS):
        parser.error(f"no task {unknown.pop()!r}; there are {', '.join(TASKS)}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            setting = quick_setting(Path(folder)) if asked.quick else full_setting()
        except MissingDataError as error:
            print(f"bench: {error}", file=sys.stderr)
            return UNUSABLE
        run_skypact("warm")
        print(row(HEADINGS), row(["---"] * len(HEADINGS)), sep="\n", file=_table(asked.format))
        found = []
        for figure in measured(setting, asked.task or list(TASKS)):
            found.append(figure)
            line = row(cells(figure, found[0].cpu_s))
            print(line, file=_table(asked.format), flush=True)
    if asked.format == "json":
        print(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    return NOT_HELD if any(figure.holds is False for figure in found) else 0


def measured(setting: Setting, names: Sequence[str]) -> Iterator[Figure]:
    for name in (YARDSTICK, *(name for name in TASKS if name in names and name != YARDSTICK)):
        yield from TASKS[name](setting)


def _table(form: str):  # type: ignore[no-untyped-def]
    """Whoever wants JSON still watches the table grow."""
    return sys.stdout if form == "table" else sys.stderr


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/run.py",
        description="Speed and error together, ours beside the peers'.",
        epilog="Exit status: 0 all held, 1 an error above its tolerance, 3 no reference data.",
    )
    parser.add_argument("task", nargs="*", metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--quick", action="store_true", help="the exercise, for a moment only")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

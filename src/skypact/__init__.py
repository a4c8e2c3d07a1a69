"""Skypact: the open partner node for space cooperation.

A notebook needs `read` (element sets of a file, a public source or the `exercise`), `screen`
(every close approach), `rescreen` (again, only what changed), `verify` (by brute force),
`plot`, and `exercise` (objects that do not exist, to try things on). Conjunction messages
become one `assess`ed event, or a list of `events`; `plan` tries burns for one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from skypact.base.version import __version__

if TYPE_CHECKING:
    from skypact.node.avoidance_plans import plan
    from skypact.node.catalogues import read
    from skypact.node.conjunctions import assess, events
    from skypact.ssa.exercise import exercise_population as exercise
    from skypact.ssa.plot import plot
    from skypact.ssa.rescreening import rescreen
    from skypact.ssa.screening import screen
    from skypact.ssa.verification import verify

__all__ = [
    "__version__", "assess", "events", "exercise", "plan", "plot", "read", "rescreen", "screen",
    "verify",
]  # fmt: skip

_HOMES = {
    "assess": ("skypact.node.conjunctions", "assess"),
    "events": ("skypact.node.conjunctions", "events"),
    "exercise": ("skypact.ssa.exercise", "exercise_population"),
    "plan": ("skypact.node.avoidance_plans", "plan"),
    "plot": ("skypact.ssa.plot", "plot"),
    "read": ("skypact.node.catalogues", "read"),
    "rescreen": ("skypact.ssa.rescreening", "rescreen"),
    "screen": ("skypact.ssa.screening", "screen"),
    "verify": ("skypact.ssa.verification", "verify"),
}


def __getattr__(name: str) -> object:
    """Import a name of the face when it is first used: importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, inner = _HOMES[name]
    value: object = getattr(import_module(module), inner)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

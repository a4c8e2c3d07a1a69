"""Where a node keeps what it fetched and what it remembers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Home(NamedTuple):
    """The directories of one user; none of them needs to exist yet."""

    cache: Path
    state: Path
    settings: Path


def home(environment: Mapping[str, str] = os.environ) -> Home:
    """All three under `SKYPACT_HOME` where that is set, else where XDG puts them.

    Source: freedesktop.org, "XDG Base Directory Specification" 0.8.
    """
    if chosen := environment.get("SKYPACT_HOME"):
        root = Path(chosen).expanduser()
        return Home(root / "cache", root / "state", root / "settings")
    return Home(
        _xdg(environment, "XDG_CACHE_HOME", ".cache"),
        _xdg(environment, "XDG_STATE_HOME", ".local/state"),
        _xdg(environment, "XDG_CONFIG_HOME", ".config"),
    )


def _xdg(environment: Mapping[str, str], name: str, default: str) -> Path:
    chosen = Path(environment.get(name, ""))
    # The specification has relative paths ignored.
    return (chosen if chosen.is_absolute() else Path.home() / default) / "skypact"

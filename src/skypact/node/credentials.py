"""The user's own login to Space-Track: from the environment or a private file, never printed."""

from __future__ import annotations

import stat
import tomllib
from typing import TYPE_CHECKING

from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

IDENTITY = "SKYPACT_SPACETRACK_IDENTITY"
PASSWORD = "SKYPACT_SPACETRACK_PASSWORD"  # noqa: S105 - the name of a variable
FILE_NAME = "spacetrack.toml"


class Credentials:
    """An identity and a password that no representation shows."""

    __slots__ = ("identity", "password")

    def __init__(self, identity: str, password: str) -> None:
        self.identity = identity
        self.password = password

    def __repr__(self) -> str:
        return "Credentials(…)"


def credentials(environment: Mapping[str, str], settings: Path) -> Credentials:
    """From the two environment variables if both are set, else from `settings/spacetrack.toml`.

    Raises:
        InputError: there are none, or the file may be read by others.
    """
    identity, password = environment.get(IDENTITY), environment.get(PASSWORD)
    if identity and password:
        return Credentials(identity, password)
    return _from_file(settings / FILE_NAME)


def _from_file(path: Path) -> Credentials:
    try:
        mode = path.stat().st_mode
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"Space-Track needs your own login: set {IDENTITY} and {PASSWORD}, or write "
            f'identity = "…" and password = "…" into {path} (mode 600)'
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the login in {path}: {type(error).__name__}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(f"others may read your login: chmod 600 {path}")
    identity, password = values.get("identity"), values.get("password")
    if not (isinstance(identity, str) and isinstance(password, str)):
        raise InputError(f"expected identity and password as text in {path}")
    return Credentials(identity, password)

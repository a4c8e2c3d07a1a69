"""What every test stands on: the reference data, no network, the same examples every time."""

import ipaddress
import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# No deadline: the first call of a kernel compiles it.
settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reference data: `SKYPACT_SHARED`, or `shared` beside the clone.

    It is too large to be carried here. Without it a test is skipped by name; where CI is
    `true` it fails instead, so that nobody takes silence for success.
    """
    folder = Path(os.environ.get("SKYPACT_SHARED") or ROOT.parent / "shared")
    if (folder / "data").is_dir():
        return folder
    missing = f"the reference data are not at {folder} (set SKYPACT_SHARED)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):  # a socket of this machine's own
        return True
    host = address[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return bool(host == "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if not _is_here(address):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)

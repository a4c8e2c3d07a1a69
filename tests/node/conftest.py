"""A source on this machine, and a clock that stands still until told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class StillClock:
    now_s: float = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class LocalSource:
    """Answers every request with the same answer, and remembers who asked what."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"OBJECT_NAME,OBJECT_ID\nONE,1998-067A\n"
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def source() -> Iterator[LocalSource]:
    local = LocalSource()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            local.asked.append((self.command, self.path, sent))
            self.send_response(local.status)
            for name, value in {"Content-Length": str(len(local.body)), **local.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(local.body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        local.url = f"http://127.0.0.1:{server.server_port}"
        yield local
        server.shutdown()
        thread.join()

"""One HTTPS request, bounded in time and size, that follows nobody elsewhere."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
import zlib
from typing import NamedTuple

from skypact import __version__
from skypact.base.errors import InputError, Unavailable

TIMEOUT_S = 60.0
LARGEST_BYTES = 256 * 1024 * 1024
_CHUNK_BYTES = 1 << 16


class Response(NamedTuple):
    """What a source answered, decompressed."""

    body: bytes
    headers: dict[str, str]


class Unreachable(Unavailable):
    """The source was not reached at all: no network, no name, no connection."""

    code = "unreachable"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are not followed: sources ask for a person to look at every answer but 200."""

    def redirect_request(self, *_: object) -> None:
        return None


def request(
    url: str,
    *,
    form: dict[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    largest_bytes: int = LARGEST_BYTES,
) -> Response:
    """GET the URL, or POST the form to it. Only `https`, and `http` on this machine.

    Raises:
        InputError: another scheme.
        Unreachable: nobody answered.
        Unavailable: any answer but 200, one that breaks off, or one that is too large.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "127.0.0.1"):
        raise InputError(f"only https is spoken, not {parts.scheme}")
    body = urllib.parse.urlencode(form).encode() if form else None
    headers = {"User-Agent": f"skypact/{__version__}", "Accept-Encoding": "gzip"}
    asked = urllib.request.Request(url, body, headers)  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=timeout_s) as answer:
            raw = _read(answer, parts.hostname, largest_bytes)
            return Response(raw, dict(answer.headers.items()))
    except urllib.error.HTTPError as error:
        with error:
            raise Unavailable(_refusal(parts.hostname, error)) from None
    except (http.client.HTTPException, zlib.error, ConnectionError) as error:
        raise Unavailable(f"{parts.hostname} broke off its answer: {error!r}") from None
    except urllib.error.URLError as error:
        raise Unreachable(f"{parts.hostname} cannot be reached: {error.reason}") from None
    except TimeoutError:
        raise Unavailable(f"{parts.hostname} did not answer within {timeout_s:g} s") from None


def _refusal(host: str | None, error: urllib.error.HTTPError) -> str:
    moved = error.headers.get("Location")
    where = f", to {moved}" if moved else ""
    return f"{host} answered {error.code} {error.reason}{where}"


def _read(answer: http.client.HTTPResponse, host: str | None, largest_bytes: int) -> bytes:
    # The size is bounded after unpacking: a small answer may unpack to anything.
    unpack = zlib.decompressobj(31) if answer.headers.get("Content-Encoding") == "gzip" else None
    chunks: list[bytes] = []
    size_bytes = 0
    while chunk := answer.read(_CHUNK_BYTES):
        plain = unpack.decompress(chunk, largest_bytes + 1) if unpack else chunk
        size_bytes += len(plain)
        if size_bytes > largest_bytes:
            raise Unavailable(f"{host} answered with more than {largest_bytes >> 20} MiB")
        chunks.append(plain)
    if answer.length or (unpack and not unpack.eof):
        raise http.client.IncompleteRead(b"")
    return b"".join(chunks)

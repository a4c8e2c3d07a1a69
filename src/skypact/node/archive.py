"""Raw answers of sources, kept as they came with when and from where."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from skypact.base.errors import Unavailable
from skypact.node.files import replacing

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_NAME = 100


class Receipt(Struct, frozen=True, kw_only=True):
    """When and from where an answer came, and what it must hash to."""

    name: str
    url: str
    headers: dict[str, str]
    fetched_at_s: float
    sha256: str


@dataclass(frozen=True)
class Archive:
    """A directory with one file pair per answer: the answer, and its receipt.

    Nothing is ever removed or changed; a directory may be deleted by hand at any time.
    """

    directory: Path

    def keep(
        self, body: bytes, *, name: str, url: str, headers: dict[str, str], now_s: float
    ) -> Receipt:
        """Keep an answer; the receipt is written last, so that what it names is whole."""
        receipt = Receipt(
            name=name,
            url=url,
            headers=headers,
            fetched_at_s=now_s,
            sha256=hashlib.sha256(body).hexdigest(),
        )
        folder = self._folder(name)
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{int(now_s * 1000):015d}"
        with replacing(folder / f"{stem}.gz") as stream:
            stream.write(gzip.compress(body, mtime=0))
        with replacing(folder / f"{stem}.json") as stream:
            stream.write(msgspec.json.encode(receipt))
        return receipt

    def newest(self, name: str) -> tuple[Receipt, bytes] | None:
        """The latest answer kept under this name, if any.

        Raises:
            Unavailable: it is damaged.
        """
        receipts = sorted(self._folder(name).glob("*.json"))
        if not receipts:
            return None
        path = receipts[-1]
        try:
            receipt = msgspec.json.decode(path.read_bytes(), type=Receipt)
            body = gzip.decompress(path.with_suffix(".gz").read_bytes())
        except (OSError, EOFError, zlib.error, msgspec.MsgspecError) as error:
            raise Unavailable(f"the kept copy {path} is damaged ({error}); delete it") from error
        if hashlib.sha256(body).hexdigest() != receipt.sha256:
            raise Unavailable(f"the kept copy {path} is not what was fetched; delete it")
        return receipt, body

    def _folder(self, name: str) -> Path:
        # Names are a source's own (`celestrak:active`), checked before they get here; only a
        # list of numbers can be longer than a file name may be.
        source, _, wanted = name.partition(":")
        if len(wanted) > _LONGEST_NAME:
            wanted = hashlib.sha256(wanted.encode()).hexdigest()
        return self.directory / source / wanted

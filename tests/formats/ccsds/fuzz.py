"""Damaged messages by the hundred thousand: `python -m tests.formats.ccsds.fuzz 1000000`.

Whatever comes in, a reader gives messages with findings or raises an error of ours, soon and in
bounded memory. Seeds are our own samples in every notation and, where the reference data are at
hand (`SKYPACT_SHARED`), the small files of the corpus. The same numbers give the same inputs.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tests.formats.ccsds.mutations import mutated
from tests.formats.ccsds.sample_messages import SAMPLES

from skypact.base.errors import FormatError, SkypactError
from skypact.formats.ccsds.cdm import read_cdm
from skypact.formats.ccsds.oem import read_oem
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.writing import write_messages
from skypact.formats.identify import identify

NOTATIONS = ("kvn", "xml", "json")
_SPOKEN = ("cdm", "odm", "tdm", "ndm", "lexical")
_SMALL = 6_000  # bytes; larger seeds only make every input slower
_TOLD = 20_000  # inputs between two lines of progress


@dataclass
class Outcome:
    """What came of so many inputs, and the slowest of them."""

    counts: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    longest: bytes = b""


def seeds(corpus: Path | None) -> list[bytes]:
    """Our samples in each notation, and the corpus's small files if there is one."""
    found = []
    for text in SAMPLES.values():
        messages = read_messages(io.BytesIO(text.encode())).messages
        found += [write_messages(messages, notation) for notation in NOTATIONS]
    if corpus is not None:
        files = sorted(path for name in _SPOKEN for path in (corpus / name).rglob("*.*"))
        found += [path.read_bytes() for path in files if path.stat().st_size <= _SMALL]
    return found


def attack(content: bytes, outcome: Outcome) -> None:
    """Read one input in every way that there is; errors that are not ours go through."""
    begin = time.process_time()
    outcome.counts[_read(content)] += 1
    _try(lambda: identify(io.BytesIO(content)))
    # These two begin with the same reading: some of the inputs are enough to try the rest.
    if b"CDM" in content and len(content) % 4 == 0:
        _try(lambda: read_cdm(io.BytesIO(content), source="fuzz"))
    if b"OEM" in content and len(content) % 4 == 0:
        _try(lambda: read_oem(io.BytesIO(content), source="fuzz"))
    taken_s = time.process_time() - begin
    if taken_s > outcome.longest_s:
        outcome.longest_s, outcome.longest = taken_s, content


def _read(content: bytes) -> str:
    try:
        found = read_messages(io.BytesIO(content))
    except SkypactError:
        return "no message"
    if found.faults:
        return "with faults"
    # Writing reads again what it wrote, and gives nothing out that is not the same.
    notation = NOTATIONS[len(content) % len(NOTATIONS)]
    try:
        write_messages(found.messages, notation)
    except FormatError:
        return "sound, and refused by a notation"
    return "sound, and the same in another notation"


def _try(call) -> None:
    try:
        call()
    except SkypactError:
        return


def run(count: int, *, seed: int, corpus: Path | None, progress: bool = False) -> Outcome:
    """So many mutated inputs."""
    rng, outcome = np.random.default_rng(seed), Outcome()
    sources = seeds(corpus)
    for number in range(count):
        source = sources[int(rng.integers(len(sources)))]
        attack(mutated(source, sources, rng), outcome)
        if progress and number % _TOLD == 0:
            sys.stderr.write(f"{number:,} {dict(outcome.counts)}\n")
    return outcome


def main() -> None:
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    shared = os.environ.get("SKYPACT_SHARED")
    corpus = Path(shared) / "data" / "ndm" / "corpus" if shared else None
    begin = time.process_time()
    outcome = run(count, seed=seed, corpus=corpus, progress=True)
    taken_s = time.process_time() - begin
    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    longest = f"longest: {outcome.longest_s * 1e3:.0f} ms for {len(outcome.longest):,} bytes"
    lines = [
        f"{count:,} inputs, seed {seed}: {taken_s:.0f} CPU-s, {memory_mib:.0f} MiB at most",
        longest,
        *(f"{number:>10,}  {what}" for what, number in outcome.counts.most_common()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

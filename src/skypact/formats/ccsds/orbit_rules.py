"""What the standards ask of several fields together, whatever the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Block, Findings, Message

_TIME_SYSTEMS = (
    "GMST",
    "GPS",
    "MET",
    "MRT",
    "SCLK",
    "TAI",
    "TCB",
    "TCG",
    "TDB",
    "TT",
    "UT1",
    "UTC",
)
_ROUNDING = 1e-12  # of the largest eigenvalue: below, a zero and a negative look alike


def covariance_is_positive(message: Message, findings: Findings) -> None:
    """A covariance that is zero, or is none, is told; what to do is up to the reader."""
    for block in message.root.everywhere("covarianceMatrix"):
        triangle = _triangle(block)
        if triangle is not None:
            warn_unless_positive(triangle, block.line, "CX_X", findings)


def time_system_is_known(message: Message, findings: Findings) -> None:
    """Another time system than the standards list means what two parties agreed on."""
    for metadata in message.root.everywhere("metadata"):
        system = metadata.fields.get("TIME_SYSTEM")
        if system is not None and system.value and system.value.upper() not in _TIME_SYSTEMS:
            expected = f"one of {', '.join(_TIME_SYSTEMS)}"
            findings.warn(system.line, "TIME_SYSTEM", expected, system.value[:40])


def warn_unless_positive(triangle: list[float], line: int, name: str, findings: Findings) -> None:
    """`triangle` is the lower triangle of a symmetric matrix by rows, its units mixed.

    Rows and columns are scaled by the standard deviations first, so that km and km/s weigh
    the same.
    """
    size = int((2 * len(triangle)) ** 0.5)
    lower = np.zeros((size, size))
    lower[np.tril_indices(size)] = triangle
    variances = lower.diagonal()
    expected = "a positive definite covariance"
    if not lower.any():
        findings.warn(line, name, expected, "zeros")
        return
    if (variances <= 0.0).any():
        findings.warn(line, name, expected, f"a variance of {variances.min():g}")
        return
    deviations = np.sqrt(variances)
    with np.errstate(over="ignore"):
        scaled = lower / deviations / deviations[:, None]
    if not np.isfinite(scaled).all():
        findings.warn(line, name, expected, "covariances far larger than their variances")
        return
    smallest, *_, largest = np.linalg.eigvalsh(scaled)
    if smallest <= _ROUNDING * largest:
        findings.warn(line, name, expected, f"an eigenvalue of {smallest:.2g} among correlations")


def _triangle(block: Block) -> list[float] | None:
    names = [item.name for item in block.section.items if hasattr(item, "name")]
    texts = [block.text(name) for name in names if name.startswith("C") and name[1:2] in "XYZ"]
    try:
        numbers = [float(text) for text in texts if text is not None]
    except ValueError:  # told as a fault of that field
        return None
    is_whole = len(numbers) == len(texts) and bool(np.isfinite(numbers).all())
    return numbers if is_whole else None

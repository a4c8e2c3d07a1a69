"""Columns of decimal numbers as text or JSON values, to arrays and back without losing a bit."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

Value = str | int | float | None

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_DIGITS = 17  # what a float64 can tell apart
_LONG = 19  # characters; a text up to here has at most _DIGITS digits, a point and a sign
_EXACT = Context(prec=60, traps=[])


def scaled(values: Sequence[Value], factor: float, period: float | None = None) -> Floats:
    """Each number (reduced to [0, period)) times `factor`; NaN where there is no finite number.

    Texts of up to 17 significant digits become float64 before they are multiplied, as other
    programs do it; longer ones are multiplied exactly and rounded once.

    >>> scaled(["90", "nan", "1_0", None], 2.0).tolist()
    [180.0, nan, nan, nan]
    """
    types, texts = _texts(values)
    numbers = _all_at_once(values) if bool not in types and _is_plain(texts) else None
    if numbers is None:
        numbers = np.array([_number(value) for value in values], np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        result: Floats = (numbers if period is None else np.mod(numbers, period)) * factor
    if max(map(len, texts), default=0) > _LONG:
        _correct_long_ones(values, factor, period, result)
    return result


def _texts(values: Sequence[Value]) -> tuple[set[type], Sequence[str]]:
    types = set(map(type, values))
    if types == {str}:
        return types, cast("Sequence[str]", values)
    return types, [value for value in values if isinstance(value, str)]


def _all_at_once(values: Sequence[Value]) -> Floats | None:
    try:
        return np.array(list(map(float, values)), np.float64)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def _is_plain(texts: Sequence[str]) -> bool:
    """None of the spellings that Python takes for numbers and nobody else does."""
    joined = "".join(texts)
    return joined.isascii() and "_" not in joined


def _number(value: Value) -> float:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else np.nan
    if isinstance(value, bool) or value is None:
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.nan


def _correct_long_ones(
    values: Sequence[Value], factor: float, period: float | None, result: Floats
) -> None:
    for row, value in enumerate(values):
        if isinstance(value, str) and len(value) > _LONG and np.isfinite(result[row]):
            digits = re.split("[eE]", value.strip())[0].replace(".", "").lstrip("+-0")
            if len(digits) > _DIGITS:
                exact = _EXACT.create_decimal(value.strip())
                if period is not None:
                    exact = _EXACT.remainder(exact, Decimal(period))
                    exact = exact + Decimal(period) if exact < 0 else exact
                result[row] = float(_EXACT.multiply(exact, Decimal(factor)))


def spelled(values: Floats, factor: float, period: float | None = None) -> list[str]:
    """Decimal texts that `scaled` turns into these very numbers; "" for NaN and infinity."""
    with np.errstate(over="ignore", invalid="ignore"):
        quotients = values / factor
    texts = [repr(quotient) for quotient in quotients.tolist()]
    # Some numbers are no float64 times the factor: their texts need more digits.
    for row in np.flatnonzero(scaled(texts, factor, period) != values):
        texts[row] = _spelled_exactly(float(values[row]), factor)
    return texts


def _spelled_exactly(value: float, factor: float) -> str:
    if not np.isfinite(value):
        return ""
    return str(Context(prec=25).divide(Decimal(value), Decimal(factor)))


def whole_numbers(values: Sequence[Value], limit: int = 1_000_000_000) -> Integers:
    """Integers from 0 to below `limit`; -1 where there is none.

    >>> whole_numbers(["007", 42, 3.5, "", "1e3"]).tolist()
    [7, 42, -1, -1, -1]
    """
    types, texts = _texts(values)
    if types <= {str, int} and _is_plain(texts):
        try:
            numbers = np.array(list(map(int, values)), np.int64)  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            pass
        else:
            return np.where((numbers >= 0) & (numbers < limit), numbers, -1)
    return np.array([_whole(value, limit) for value in values], np.int64)


_WHOLE = re.compile(r"\s*\+?(\d{1,18})\s*", re.ASCII)


def _whole(value: Value, limit: int) -> int:
    if isinstance(value, str):
        match = _WHOLE.fullmatch(value)
        number = int(match[1]) if match else -1
    elif isinstance(value, bool) or value is None or value != value or value % 1:
        number = -1
    else:
        number = int(value) if abs(value) < limit else -1
    return number if 0 <= number < limit else -1

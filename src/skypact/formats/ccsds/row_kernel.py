"""Rows of a time tag and numbers from their bytes, some hundred megabytes a second.

What is out of the ordinary is not judged here but left to `rows`, which names the fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]

_PADDING = 64  # line ends behind the text, so that no look ahead passes its end
_ALIKE = 1 << 53  # whole numbers up to here are float64
# Powers of ten that are float64: one multiplication or division by them rounds once.
_POWERS = np.array([float(10**power) for power in range(23)])
_HIGHEST_POWER = 22
_MOST_DIGITS = 18  # that an int64 holds whatever they are
_REST_ERROR = 2.0**-49  # relative; twice what three roundings leave
_HUGE = 100_000  # no exponent of a number needs to be told from this one
_DAYS_BEFORE = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])
_FIRST_YEAR, _LAST_YEAR = 1957, 2199  # as in `times`
_LEAP_DAYS_BY_1970 = 477
_NOT_A_TIME = -1


def parsed_rows(text: str, width: int) -> tuple[Instants, Floats] | None:
    """Clock readings in ns since 1970, and numbers (n, width), each as Python's `float` reads it.

    None where a line is anything else than a time (no second 60) and `width` decimal numbers
    separated by blanks. Blank lines stand at the end only.
    """
    content = text.rstrip().encode() + b"\n" * _PADDING
    rows = content.count(b"\n") - _PADDING + 1
    clock_ns, values = np.empty(rows, np.int64), np.empty((rows, width))
    unrounded = np.empty((rows * width, 3), np.int64)
    codes = np.frombuffer(content, np.uint8)
    count = _parse(codes, clock_ns, values.ravel(), unrounded)
    if count < 0:
        return None
    for place, start, stop in unrounded[:count].tolist():
        values.flat[place] = float(content[start:stop])
    return (clock_ns, values) if np.isfinite(values).all() else None


@kernel
def _parse(codes, clock_ns, values, unrounded):  # type: ignore[no-untyped-def]
    """How many numbers are left to round, each with place, start and stop; -1: not all rows."""
    rows = clock_ns.shape[0]
    width = values.shape[0] // rows
    at, left = 0, 0
    for row in range(rows):
        at = _past_blanks(codes, at)
        clock_ns[row], at = _clock(codes, at)
        if at < 0:
            return -1
        for column in range(width):
            start = _past_blanks(codes, at)
            if start == at:
                return -1
            place = row * width + column
            values[place], at, is_rounded = _decimal(codes, start)
            if at < 0:
                return -1
            if not is_rounded:
                unrounded[left, 0], unrounded[left, 1], unrounded[left, 2] = place, start, at
                left += 1
        at = _past_blanks(codes, at)
        if codes[at] != ord("\n"):
            return -1
        at += 1
    return left


@kernel
def _past_blanks(codes, at):  # type: ignore[no-untyped-def]
    while codes[at] == ord(" ") or codes[at] == ord("\t") or codes[at] == ord("\r"):
        at += 1
    return at


@kernel
def _decimal(codes, at):  # type: ignore[no-untyped-def]
    """Value, where it ends (-1: no number), and whether the value is the nearest float64."""
    is_negative = codes[at] == ord("-")
    if is_negative or codes[at] == ord("+"):
        at += 1
    start, mantissa, scale = at, 0, 0
    while ord("0") <= codes[at] <= ord("9"):
        mantissa = 10 * mantissa + int(codes[at]) - ord("0")
        at += 1
    digits = at - start
    if codes[at] == ord("."):
        at += 1
        start = at
        while ord("0") <= codes[at] <= ord("9"):
            mantissa = 10 * mantissa + int(codes[at]) - ord("0")
            at += 1
        scale = start - at
        digits -= scale
    if digits == 0:
        return 0.0, -1, False
    if codes[at] == ord("e") or codes[at] == ord("E"):
        at, exponent = _exponent(codes, at + 1)
        scale += exponent
    if at < 0 or digits > _MOST_DIGITS or abs(scale) > _HIGHEST_POWER:
        return 0.0, at, False
    value, is_rounded = _scaled(mantissa, scale)
    return (-value if is_negative else value), at, is_rounded


@kernel
def _scaled(mantissa, scale):  # type: ignore[no-untyped-def]
    """`mantissa` times ten to the power of `scale`, and whether it is the nearest float64."""
    value = float(mantissa)
    if scale >= 0:
        return value * _POWERS[scale], mantissa <= _ALIKE
    power = _POWERS[-scale]
    quotient = value / power
    if mantissa <= _ALIKE:
        return quotient, True
    # What the division and the conversion left, without any error: Dekker's product.
    product = quotient * power
    high, upper = _upper_half(quotient), _upper_half(power)
    low, lower = quotient - high, power - upper
    error = ((high * upper - product) + high * lower + low * upper) + low * lower
    rest = ((value - product) - error + float(mantissa - int(value))) / power
    nearest = quotient + rest
    # The rest itself is off by some of its last bits; beside a tie these would decide.
    spread = rest * _REST_ERROR
    return nearest, quotient + (rest - spread) == quotient + (rest + spread)


@kernel
def _upper_half(value):  # type: ignore[no-untyped-def]
    """The first 26 bits of the mantissa."""
    wide = value * 134217729.0
    return wide - (wide - value)


@kernel
def _exponent(codes, at):  # type: ignore[no-untyped-def]
    sign = -1 if codes[at] == ord("-") else 1
    if codes[at] == ord("-") or codes[at] == ord("+"):
        at += 1
    start, exponent = at, 0
    while ord("0") <= codes[at] <= ord("9"):
        exponent = min(10 * exponent + int(codes[at]) - ord("0"), _HUGE)
        at += 1
    return (at if at > start else -1), sign * exponent


@kernel
def _clock(codes, at):  # type: ignore[no-untyped-def]
    """Reading of a calendar or day-of-year time, and where it ends (-1: none, or second 60)."""
    year = _whole(codes, at, 4)
    if not _FIRST_YEAR <= year <= _LAST_YEAR or codes[at + 4] != ord("-"):
        return 0, _NOT_A_TIME
    day = _day_of_year(codes, at + 5, year)
    at += 8 if codes[at + 8] == ord("T") else 10
    hour, minute = _whole(codes, at + 1, 2), _whole(codes, at + 4, 2)
    second = _whole(codes, at + 7, 2)
    is_marked = codes[at] == ord("T") and codes[at + 3] == ord(":") and codes[at + 6] == ord(":")
    is_one = 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60
    if day < 0 or not is_marked or not is_one:
        return 0, _NOT_A_TIME
    at += 9
    nanoseconds, unit = 0, 1_000_000_000
    if codes[at] == ord("."):
        at += 1
        while ord("0") <= codes[at] <= ord("9"):
            unit //= 10
            nanoseconds += unit * (int(codes[at]) - ord("0"))
            at += 1
    if codes[at] == ord("Z"):
        at += 1
    last = year - 1
    days = 365 * (year - 1970) + last // 4 - last // 100 + last // 400 - _LEAP_DAYS_BY_1970 + day
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds * 1_000_000_000 + nanoseconds, at


@kernel
def _day_of_year(codes, at, year):  # type: ignore[no-untyped-def]
    """From 0 on, of `MM-DD` or `DDD`; -1: none that the year has."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if codes[at + 3] == ord("T"):
        day = _whole(codes, at, 3)
        return day - 1 if 1 <= day <= 365 + is_leap else -1
    month, day = _whole(codes, at, 2), _whole(codes, at + 3, 2)
    if not 1 <= month <= 12 or codes[at + 2] != ord("-"):
        return -1
    length = _DAYS_BEFORE[month] - _DAYS_BEFORE[month - 1] + (is_leap and month == 2)
    if not 1 <= day <= length:
        return -1
    return _DAYS_BEFORE[month - 1] + (is_leap and month > 2) + day - 1


@kernel
def _whole(codes, at, count):  # type: ignore[no-untyped-def]
    """The number of `count` digits; below zero where one is none."""
    number = 0
    for place in range(at, at + count):
        digit = int(codes[place]) - ord("0")
        if not 0 <= digit <= 9:
            return -1
        number = 10 * number + digit
    return number

"""How likely a collision is, by each method, and how far each number can be trusted."""

from __future__ import annotations

from msgspec import Struct


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One condition that a method needs: what was found, and what was asked.

    `is_met` None: it could not be judged. `source` cites where the limit was published;
    `Skypact` where no publication states it.
    """

    name: str
    is_met: bool | None
    found: str
    asked: str
    source: str


class ProbabilityEstimate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The probability of collision by one method.

    A value of None was sought and could not be determined: treat it as dangerous, never as
    zero; `reason` says why. `lower_bound` and `upper_bound` are 95 % confidence bounds (Monte
    Carlo). `is_valid` false: the method does not apply here (which of `checks` failed says
    why), and the value is shown as such, never hidden; None: validity could not be judged.
    """

    method: str
    value: float | None
    lower_bound: float | None = None
    upper_bound: float | None = None
    is_valid: bool | None
    checks: tuple[Check, ...] = ()
    reason: str | None = None
    notes: tuple[str, ...] = ()

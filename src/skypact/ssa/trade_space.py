"""What each burn would achieve, in one table, and the few worth a second look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from skypact.astro.time import utc_text
from skypact.base.errors import InputError
from skypact.records.marks import MarkedTable

if TYPE_CHECKING:
    import numpy.typing as npt

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Text = npt.NDArray[Any]  # StringDType, which the type checkers do not know yet
    Times = npt.NDArray[np.datetime64]

DO_NOTHING = "DO_NOTHING"
EVALUATED = "EVALUATED"
REFUSED = "REFUSED"
OLD_S = 10.0 * 86_400.0  # SGP4 has lost tens of kilometres by then


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TradeSpace(MarkedTable):
    """One row per option: row 0 is to do nothing, then the burns in the order they were given.

    `status` is `DO_NOTHING`, `EVALUATED` or `REFUSED` (a constraint forbids it: everything
    after is NaN, NaT or -1); `reason` says which, and of an evaluated row why its probability
    may not be relied on (`is_probability_valid` false). Changes of velocity are along the primary's
    own axes at the burn. `collision_probability` (NaN: unknown, never zero), `tca_utc` and
    the misses belong to the object that this is about, at the least distance after the burn.

    `others` counts the approaches to all other objects within the screening's distance until
    the end of the window, this object's own later returns among them; `others_inside` those
    within the keep-out volume. The columns `other_…` are the one that counts most: inside
    before outside, then the nearest. `others_judged_by` says by what: their covariances are
    not public; `others_age_s` is the median time between their element sets and the closest
    approach (NaN: there are none). Beyond `OLD_S` they judge nobody. `integrated` marks paths
    that the transition matrices do not reach, which the numerical model gave.
    """

    burn_utc: Times
    dv_radial_m_s: Floats
    dv_transverse_m_s: Floats
    dv_normal_m_s: Floats
    speed_m_s: Floats
    status: Text
    reason: Text
    collision_probability: Floats
    is_probability_valid: Booleans
    tca_utc: Times
    miss_m: Floats
    miss_radial_m: Floats
    miss_transverse_m: Floats
    miss_normal_m: Floats
    others: Integers
    others_inside: Integers
    other_norad_id: Integers
    other_name: Text
    other_utc: Times
    other_miss_m: Floats
    others_judged_by: Text
    others_age_s: Floats
    integrated: Booleans


class Option(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a trade space worth a look; `reason` says why it is in the list."""

    row: int
    reason: str


def ranked(
    space: TradeSpace, *, goal_probability: float, goal_miss_m: float, limit: int = 5
) -> list[Option]:
    """At most `limit` burns, best first, and to do nothing, at the place that it has earned.

    A burn settles the matter if it brings the probability to `goal_probability` at most and
    has no other object inside the keep-out volume. Where the probability is unknown, or its
    method does not hold, the miss must be `goal_miss_m` at least. Those come first, the
    cheapest leading; then the rest, fewest others inside first, then by probability (unknown
    last), then by miss. Doing nothing costs nothing: where it settles the matter it leads.
    Of each burn time only the best is listed, so that the list shows different ways out.

    Raises:
        InputError: a goal that is no probability or miss, or a limit below 1.
    """
    if not (0.0 <= goal_probability <= 1.0 and goal_miss_m >= 0.0 and limit >= 1):
        raise InputError(
            f"a goal of {goal_probability} and {goal_miss_m} m with {limit} options makes no list"
        )
    known = ~np.isnan(space.collision_probability)
    reached = reaches(space, goal_probability=goal_probability, goal_miss_m=goal_miss_m)
    settles = reached & (space.others_inside == 0)
    usable = (space.status == EVALUATED) | (space.status == DO_NOTHING)
    order = np.lexsort(
        (
            -np.nan_to_num(space.miss_m),
            np.where(settles, 0.0, np.where(known, space.collision_probability, np.inf)),
            np.where(settles, space.speed_m_s, np.inf),
            np.where(settles, 0, space.others_inside),
            ~settles,
        )
    )
    options: list[Option] = []
    times: set[np.datetime64] = set()
    for row in order[usable[order]]:
        nothing = space.status[row] == DO_NOTHING
        if not nothing and (space.burn_utc[row] in times or len(times) == limit):
            continue
        if not nothing:
            times.add(space.burn_utc[row])
        words = _why(space, int(row), bool(settles[row]), bool(reached[row]), goal_probability)
        options.append(Option(row=int(row), reason=words))
    return options


def reaches(space: TradeSpace, *, goal_probability: float, goal_miss_m: float) -> Booleans:
    """Which options are enough as to the object that this is about, others aside.

    By the probability where it holds; else by the miss, and no known probability above the goal.
    """
    known = ~np.isnan(space.collision_probability)
    low = space.collision_probability <= goal_probability
    far = space.miss_m >= goal_miss_m
    return np.where(known & space.is_probability_valid, low, far & (low | ~known))


def _why(space: TradeSpace, row: int, settles: bool, reached: bool, goal: float) -> str:  # noqa: FBT001
    probability, miss_m = space.collision_probability[row], space.miss_m[row]
    risk = f"probability {probability:.1e}"
    if np.isnan(probability):
        risk = "probability unknown"
    words = [f"{risk}, miss {miss_m:,.0f} m"]
    if settles:
        low = space.is_probability_valid[row] and probability <= goal
        words.append("settles it" if low else "settles it by its miss")
        if not space.others_age_s[row] <= OLD_S:
            words[-1] += " against this object; the others could not be judged"
    elif not reached:
        words.append(f"does not reach {goal:.1e}" if probability > goal else "too near")
    inside = int(space.others_inside[row])
    if inside:
        words.append(f"{inside} other inside the keep-out volume, {_nearest(space, row)}")
    elif space.others[row] > 0:
        words.append(f"nearest other {_nearest(space, row)}")
    if space.reason[row]:
        words.append(str(space.reason[row]))
    if space.status[row] == DO_NOTHING:
        return "no burn: " + "; ".join(words)
    return f"{space.speed_m_s[row]:g} m/s: " + "; ".join(words)


def _nearest(space: TradeSpace, row: int) -> str:
    name = space.other_name[row] or str(space.other_norad_id[row])
    when = utc_text(space.other_utc[row], decimals=0)
    return f"{name} at {space.other_miss_m[row]:,.0f} m on {when}"

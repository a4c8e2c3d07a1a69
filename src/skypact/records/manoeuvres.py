"""A change of velocity that somebody plans or tells of."""

from __future__ import annotations

from msgspec import Struct

from skypact.records.conjunction_messages import Vector
from skypact.records.marks import Marks


class Manoeuvre(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One impulse: where the object is before it, and by how much its velocity changes.

    `tai_ns` counts nanoseconds since 1970 in TAI. The change is given twice, in GCRF and along
    the object's own radial, transverse and normal axes before the burn.
    """

    object_name: str
    object_id: str
    tai_ns: int
    r_gcrf_m: Vector
    v_gcrf_m_s: Vector
    dv_gcrf_m_s: Vector
    dv_rtn_m_s: Vector
    marks: Marks

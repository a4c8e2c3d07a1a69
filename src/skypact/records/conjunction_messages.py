"""What a Conjunction Data Message says, in SI units: the noun that operators exchange."""

from __future__ import annotations

from msgspec import Struct

from skypact.records.marks import Marks

Vector = tuple[float, float, float]
Matrix = tuple[tuple[float, ...], ...]


class DragUncertainty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one object's state at TCA moves with the error of the density forecast.

    `density_ratio` is the forecast's one-sigma relative error; the vectors are the movement
    per unit of it, in the object's own radial, transverse, normal axes. Two objects that
    share the error have correlated states.

    Source: Casali, Hall, Snow, Hejduk et al. (2018), "Effect of Cross-Correlation of Orbital
    Error on Probability of Collision Determination", AAS 18-272.
    """

    density_ratio: float
    position_rtn_m: Vector
    velocity_rtn_m_s: Vector


class ConjunctionParty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the two objects of a message. None: the message does not say.

    `frame` is the message's word for the axes of the state. `covariance_rtn` is 6 x 6, in m2,
    m2/s and m2/s2, in the object's own radial, transverse, normal axes; components that the
    message leaves out (velocity rows) are NaN. `exclusion_radius_m` comes from a comment, as
    `drag` does.
    """

    designator: str
    name: str
    catalog: str
    international_designator: str
    object_type: str | None = None
    operator: str | None = None
    operator_position: str | None = None
    operator_phone: str | None = None
    operator_email: str | None = None
    ephemeris_name: str | None = None
    covariance_method: str | None = None
    maneuverable: str | None = None
    frame: str
    centre: str = "EARTH"
    r_m: Vector
    v_m_s: Vector
    covariance_rtn: Matrix | None = None
    drag: DragUncertainty | None = None
    exclusion_radius_m: float | None = None
    last_observed_from_tai_ns: int | None = None
    last_observed_until_tai_ns: int | None = None
    actual_od_span_s: float | None = None
    recommended_od_span_s: float | None = None
    observations_used: int | None = None
    tracks_used: int | None = None
    residuals_accepted_ratio: float | None = None
    weighted_rms_ratio: float | None = None
    mass_kg: float | None = None
    comments: tuple[str, ...] = ()


class ConjunctionMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prediction of one close approach by one originator, for one reader.

    Instants are TAI nanoseconds since 1970 (see `astro.time`). `primary` is OBJECT1,
    `secondary` OBJECT2. Relative values are the originator's own, secondary minus primary in
    the primary's radial, transverse, normal frame. `hard_body_radius_m` is the combined one;
    `hard_body_radius_source` says where in the message it stands. `marks` says from which
    file and of which data mode.
    """

    message_id: str
    originator: str
    message_for: str | None = None
    created_tai_ns: int
    tca_tai_ns: int
    miss_distance_m: float
    relative_speed_m_s: float | None = None
    relative_position_rtn_m: Vector | None = None
    relative_velocity_rtn_m_s: Vector | None = None
    collision_probability: float | None = None
    collision_probability_method: str | None = None
    hard_body_radius_m: float | None = None
    hard_body_radius_source: str | None = None
    primary: ConjunctionParty
    secondary: ConjunctionParty
    comments: tuple[str, ...] = ()
    marks: Marks

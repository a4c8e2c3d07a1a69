"""The trade space of a threat: what doing nothing gives back, what each burn leads to."""

from dataclasses import replace
from functools import cache

import msgspec
import numpy as np
import pytest
from tests.ssa import conjunction_examples as examples

from skypact.astro.interpolation import ephemeris_states
from skypact.astro.sgp4 import propagate, sgp4_model
from skypact.astro.time import tai_ns_from_utc, utc_from_tai_ns
from skypact.base.errors import InputError
from skypact.records.marks import DataMode
from skypact.ssa.avoidance import Probabilities, plan_avoidance
from skypact.ssa.avoidance_paths import closest, integrated_after_burn
from skypact.ssa.burns import Burns, Constraints, ExecutionError, burn_grid
from skypact.ssa.exercise import exercise_population
from skypact.ssa.threats import threat_of_message
from skypact.ssa.trade_space import DO_NOTHING, EVALUATED, REFUSED, ranked
from skypact.ssa.trajectory import teme_trajectory
from skypact.ssa.volumes import sphere

HOUR_NS = 3_600_000_000_000
DAYS = 0.5
MISS_RTN_M = (30.0, 40.0, 40.0)


@cache
def catalogue():
    elements = exercise_population(400)
    elements = elements[elements.ephemeris_type == 0]
    marks = message().marks
    return replace(elements, marks=marks)


def message(**changed):
    return examples.message(**{"secondary": examples.secondary(MISS_RTN_M), **changed})


def burns_before(tca_tai_ns, hours, speeds=(0.05,), directions=None):
    times_utc, _ = utc_from_tai_ns(tca_tai_ns - np.array(hours) * HOUR_NS)
    return burn_grid(times_utc, np.array(speeds), directions)


@cache
def planned():
    threat = threat_of_message(message())
    burns = burns_before(threat.tca_tai_ns, [5, 3], (0.02, 0.3))
    constraints = Constraints(largest_speed_m_s=0.25)
    extra = Burns(
        tai_ns=np.append(burns.tai_ns, burns.tai_ns[-1:]),
        dv_rtn_m_s=np.vstack([burns.dv_rtn_m_s, [0.0, 0.2, 0.0]]),
    )
    return plan_avoidance(threat, extra, catalogue(), days=DAYS, constraints=constraints)


def test_doing_nothing_gives_the_miss_of_the_message_back():
    plan = planned()
    space = plan.space
    assert space.status[0] == DO_NOTHING
    assert space.miss_m[0] == pytest.approx(np.linalg.norm(MISS_RTN_M), abs=1e-3)
    at_ns = tai_ns_from_utc(space.tca_utc[:1])[0]
    assert abs(at_ns - plan.threat.tca_tai_ns) < 1e6
    found = [space.miss_radial_m[0], space.miss_transverse_m[0], space.miss_normal_m[0]]
    assert found == pytest.approx(MISS_RTN_M, abs=0.05)


def test_a_refused_burn_stays_in_the_table_with_its_reason():
    space = planned().space
    assert len(space) == 1 + 2 * 6 * 2 + 1
    refused = space.status == REFUSED
    assert np.count_nonzero(refused) == 12
    assert (space.speed_m_s[refused] > 0.25).all()
    assert set(space.reason[refused]) == {"more than 0.25 m/s"}
    assert np.isnan(space.collision_probability[refused]).all()
    assert np.isnan(space.miss_m[refused]).all()
    assert (space.others[refused] == -1).all()
    assert np.isnat(space.tca_utc[refused]).all()


def test_a_burn_along_the_track_opens_the_miss_as_clohessy_and_wiltshire_say():
    # After 5 h at 0.02 m/s ahead the object is 3 v t behind, and 4 v / n sin(nt) of it back.
    space = planned().space
    ahead = (space.dv_transverse_m_s == 0.02) & (space.status == EVALUATED)
    n = examples.SPEED_M_S / examples.RADIUS_M
    for row in np.flatnonzero(ahead):
        until_s = (
            tai_ns_from_utc(space.tca_utc[:1]) - tai_ns_from_utc(space.burn_utc[row : row + 1])
        )[0] / 1e9
        along_m = 0.02 / n * (4.0 * np.sin(n * until_s) - 3.0 * n * until_s)
        up_m = 2.0 * 0.02 / n * (1.0 - np.cos(n * until_s))
        # They meet at right angles at one speed: half of what one gains along the track is
        # taken up by meeting later, and shows along the other's track.
        assert space.miss_radial_m[row] == pytest.approx(
            MISS_RTN_M[0] - up_m, abs=0.02 * abs(along_m)
        )
        apart_m = np.hypot(space.miss_transverse_m[row], space.miss_normal_m[row])
        expected_m = abs(MISS_RTN_M[1] + MISS_RTN_M[2] - along_m) / np.sqrt(2.0)
        assert apart_m == pytest.approx(expected_m, rel=0.03)


def test_a_larger_burn_makes_the_collision_less_likely():
    space = planned().space
    small = np.flatnonzero(space.dv_transverse_m_s == 0.02)[0]
    assert 0.0 <= space.collision_probability[small] < 1e-2 * space.collision_probability[0]


def test_the_path_to_hand_over_begins_with_the_burn_and_passes_as_the_table_says():
    plan = planned()
    row = len(plan.space) - 1  # 0.2 m/s ahead, 3 h before
    ephemeris = plan.ephemeris(row)
    before, after = ephemeris.segments
    jump = ephemeris.v_m_s[after.first_row] - ephemeris.v_m_s[before.stop_row - 1]
    gap_m = ephemeris.r_m[after.first_row] - ephemeris.r_m[before.stop_row - 1]
    assert np.abs(gap_m).max() < 1e-6
    manoeuvre = plan.manoeuvre(row)
    assert jump == pytest.approx(np.array(manoeuvre.dv_gcrf_m_s), abs=1e-9)
    assert np.linalg.norm(jump) == pytest.approx(0.2)
    assert ephemeris.times_tai_ns[after.first_row] == manoeuvre.tai_ns
    assert manoeuvre.r_gcrf_m == pytest.approx(ephemeris.r_m[after.first_row])
    assert "(+0.0000, +0.2000, +0.0000) m/s" in ephemeris.comments[0]
    fresh = integrated_after_burn(
        plan.nominal, plan.nominal.row_of(manoeuvre.tai_ns), np.array([0.0, 0.2, 0.0])
    )
    assert np.abs(fresh.r_gcrf_m - ephemeris.r_m[after.first_row :: 3]).max() < 1e-3
    approach = closest(plan.nominal, fresh)
    miss_m = np.linalg.norm(approach.state1_gcrf[:3] - approach.state2_gcrf[:3])
    assert miss_m == pytest.approx(plan.space.miss_m[row], abs=2.0)
    from_s = np.diff(ephemeris.times_tai_ns[after.first_row :]) / 1e9
    assert from_s.max() < plan.nominal.period_s / 100.0
    assert len(plan.ephemeris(0).segments) == 1
    with pytest.raises(InputError, match="no manoeuvre"):
        plan.manoeuvre(0)


def test_the_nearest_other_is_the_one_that_brute_force_finds():
    reach_m = 100e3
    threat = threat_of_message(message())
    burns = burns_before(threat.tca_tai_ns, [4], (0.2,), np.array([[0.0, 1.0, 0.0]]))
    plan = plan_avoidance(threat, burns, catalogue(), days=DAYS, keep_out=sphere(reach_m))
    for row in (0, 1):
        near = brute_force_m(plan, row, catalogue(), reach_m)
        assert len(near) > 3
        number = min(near, key=near.get)
        assert plan.space.other_norad_id[row] == number
        assert plan.space.other_miss_m[row] == pytest.approx(near[number], abs=2.0)
        inside = [one for one, miss_m in near.items() if miss_m < 0.99 * reach_m]
        assert plan.space.others_inside[row] >= len(inside)


def brute_force_m(plan, row, elements, reach_m):
    """Smallest distance to each object, by small steps: SGP4 against the handed-over path."""
    trajectory = teme_trajectory(plan.ephemeris(row))
    found = {}
    model = sgp4_model(elements, origin_tai_ns=trajectory.epoch_tai_ns)
    for piece, (first, stop) in enumerate(trajectory.pieces):
        low_s, high_s = trajectory.useable_s[piece]
        for start_s in np.arange(low_s, high_s, 600.0):
            times_s = np.arange(start_s, min(start_s + 600.0, high_s), 10.0)
            own = ephemeris_states(
                times_s, trajectory.times_s, trajectory.r_teme_m, trajectory.v_teme_m_s,
                first, stop, int(trajectory.degree[piece]), int(trajectory.method[piece]),
            )  # fmt: skip
            states = propagate(model, times_s)
            d = states.r_teme_m - own[None, :, :3]
            w = states.v_teme_m_s - own[None, :, 3:]
            # The straight line through each sample, 5 s to either side: 0.1 km of curvature.
            ahead_s = np.clip(-(d * w).sum(2) / (w * w).sum(2), -5.0, 5.0)
            miss_m = np.linalg.norm(d + ahead_s[:, :, None] * w, axis=2)
            for one, k in zip(*np.nonzero(miss_m < reach_m), strict=True):
                number = int(elements.norad_id[one])
                found[number] = min(found.get(number, np.inf), float(miss_m[one, k]))
    return found


def test_an_unknown_covariance_leaves_the_probability_unknown_and_the_miss_decides():
    blind = message(primary=examples.party(covariance_rtn=None))
    threat = threat_of_message(blind)
    burns = burns_before(threat.tca_tai_ns, [4], (0.2,))
    space = plan_avoidance(threat, burns, catalogue(), days=DAYS).space
    assert np.isnan(space.collision_probability).all()
    assert np.isfinite(space.miss_m).all()
    first, *rest = ranked(space, goal_probability=1e-5, goal_miss_m=500.0)
    assert "probability unknown" in first.reason
    assert "settles it" in first.reason
    assert any(option.row == 0 and "too near" in option.reason for option in rest)


def test_the_error_of_the_burn_makes_the_outcome_less_sure():
    threat = threat_of_message(message())
    burns = burns_before(threat.tca_tai_ns, [5], (0.05,), np.array([[0.0, 1.0, 0.0]]))
    seen = []

    def listen(encounters):
        seen.append(encounters)
        return Probabilities(np.zeros(len(encounters)), [""] * len(encounters))

    for ratio in (0.0, 0.1):
        error = ExecutionError(magnitude_ratio=ratio, pointing_rad=0.0)
        plan_avoidance(
            threat, burns, catalogue(), days=DAYS, execution=error, probability=listen
        )  # fmt: skip
    exact, rough = seen
    assert (exact.covariances1[0] == rough.covariances1[0]).all()  # no burn, no error of one
    added = rough.covariances1[1] - exact.covariances1[1]
    # A tenth of 0.05 m/s ahead, for 5 h: 3 t v less 4 v / n sin(nt), along the track.
    n, until_s = examples.SPEED_M_S / examples.RADIUS_M, 5 * 3600.0
    along_m = 0.005 / n * (3.0 * n * until_s - 4.0 * np.sin(n * until_s))
    up_m = 2.0 * 0.005 / n * (1.0 - np.cos(n * until_s))
    assert np.trace(added[:3, :3]) == pytest.approx(along_m**2 + up_m**2, rel=0.05)
    # Without it the primary is as sure as before, however its axes have turned.
    before, after = (np.trace(exact.covariances1[row, :3, :3]) for row in (0, 1))
    assert after == pytest.approx(before, rel=1e-9)


def test_where_two_fly_together_the_probability_is_not_relied_on():
    beside = examples.secondary(
        (0.0, 0.0, 0.0), r_m=(examples.RADIUS_M, 3.0, 0.0), v_m_s=(0.0, examples.SPEED_M_S, 0.01)
    )
    threat = threat_of_message(message(secondary=beside))
    burns = burns_before(threat.tca_tai_ns, [3], (0.1,))
    space = plan_avoidance(threat, burns, catalogue(), days=0.2).space
    assert not space.is_probability_valid[0]
    assert space.reason[0].startswith("2D-Pc does not hold: ")
    assert planned().space.is_probability_valid[0]


def test_with_every_burn_forbidden_doing_nothing_is_still_judged():
    threat = threat_of_message(message())
    burns = burns_before(threat.tca_tai_ns, [4])
    none = Constraints(largest_speed_m_s=0.0)
    space = plan_avoidance(threat, burns, catalogue(), days=DAYS, constraints=none).space
    assert list(space.status) == [DO_NOTHING] + [REFUSED] * 6
    assert np.isfinite(space.collision_probability[0])
    assert [option.row for option in ranked(space, goal_probability=1e-5, goal_miss_m=1e3)] == [0]


def test_another_object_in_the_way_keeps_a_burn_from_settling_it():
    plan = planned()
    wide = sphere(1e6, source="test")
    crowded = plan_avoidance(
        plan.threat, burns_before(plan.threat.tca_tai_ns, [3], (0.2,)), catalogue(), days=0.2,
        keep_out=wide,
    ).space  # fmt: skip
    assert (crowded.others_inside > 0).all()
    options = ranked(crowded, goal_probability=1e-5, goal_miss_m=1e3)
    assert not any("settles it" in option.reason for option in options)
    assert "inside the keep-out volume" in options[0].reason
    assert {option.row for option in options} >= {0}


def test_the_same_again_is_the_same_to_the_last_bit():
    plan = planned()
    again = plan_avoidance(
        plan.threat, plan.burns, catalogue(), days=DAYS, threads=1,
        constraints=Constraints(largest_speed_m_s=0.25),
    )  # fmt: skip
    for name, column in plan.space.columns().items():
        other = again.space.columns()[name]
        same = (column == other) | ((column != column) & (other != other))
        assert same.all(), name


def test_progress_grows_to_one_and_an_interruption_goes_through():
    plan = planned()
    shares = []
    burns = burns_before(plan.threat.tca_tai_ns, [3])
    plan_avoidance(plan.threat, burns, catalogue(), days=0.2, on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan_avoidance(plan.threat, burns, catalogue(), days=0.2, on_progress=stop)


def test_data_modes_are_not_mixed():
    marks = msgspec.structs.replace(message().marks, data_mode=DataMode.SIMULATED)
    threat = threat_of_message(message(marks=marks))
    with pytest.raises(InputError, match="mixed"):
        plan_avoidance(threat, burns_before(threat.tca_tai_ns, [3]), catalogue(), days=0.2)


def test_a_window_that_does_not_reach_the_encounter_is_refused():
    threat = threat_of_message(message())
    with pytest.raises(InputError, match="before the closest approach"):
        plan_avoidance(threat, burns_before(threat.tca_tai_ns, [13]), catalogue(), days=DAYS)
    with pytest.raises(InputError, match="up to 3 days"):
        plan_avoidance(threat, burns_before(threat.tca_tai_ns, [13]), catalogue(), days=4.0)

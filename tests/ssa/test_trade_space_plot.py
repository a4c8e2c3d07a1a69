"""The picture of a trade space tells the same as its list."""

from tests.ssa.test_trade_space import GOAL, NOTHING, space

from skypact.astro.time import tai_ns_from_utc
from skypact.ssa.trade_space import ranked
from skypact.ssa.trade_space_plot import trade_space_plot


def picture(table):
    tca_tai_ns = int(tai_ns_from_utc(table.tca_utc[:1])[0])
    return str(trade_space_plot(table, tca_tai_ns=tca_tai_ns, title="which burn?", **GOAL))


def test_a_burn_is_drawn_as_settling_it_where_the_list_says_so_and_nowhere_else():
    table = space(
        NOTHING,
        (-9, 0.1, 1e-6, 5000.0, 0),  # settles it
        (-8, 0.1, 1e-30, 900.0, 0),  # by a probability that does not hold, and too near
        (-7, 0.1, 1e-30, 1100.0, 0),  # likewise, and far enough
        (-6, 0.1, 1e-6, 5000.0, 1),  # brings somebody else too near
        (-5, 0.1, 1e-3, 5000.0, 0),  # not enough
    )
    table.is_probability_valid[2:4] = False
    listed = [one for one in ranked(table, **GOAL, limit=9) if "settles it" in one.reason]
    assert sorted(one.row for one in listed) == [1, 3]
    assert "2 of 5 burns settle it." in picture(table)


def test_burns_that_are_not_along_an_axis_are_counted_as_not_drawn():
    table = space(NOTHING, (-9, 0.1, 1e-6, 5000.0, 0), (-8, 0.1, 1e-6, 5000.0, 0))
    table.dv_radial_m_s[2] = 0.1  # 45 degrees between two axes
    table.speed_m_s[2] = 0.1414
    assert "1 not drawn" in picture(table)

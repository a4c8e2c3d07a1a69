"""Names of catalogues, and the questions and limits they stand for."""

from __future__ import annotations

import pytest

from skypact.base.errors import InputError
from skypact.node.sources import query


def test_a_celestrak_group_is_one_url_that_may_be_asked_every_two_hours():
    asked = query("celestrak:active")
    assert asked.url == "https://celestrak.org/NORAD/elements/gp.php?GROUP=active&FORMAT=csv"
    assert [(limit.requests, limit.period_s) for limit in asked.limits] == [(1, 7200.0)]
    assert not asked.needs_login


def test_a_number_asks_celestrak_for_one_object():
    assert "?CATNR=25544&" in query("celestrak:25544").url


def test_spacetrack_is_asked_once_per_hour_and_far_from_its_general_limits():
    asked = query("spacetrack:catalogue")
    assert asked.needs_login
    limits = {limit.period_s: limit.requests for limit in asked.limits if limit.requests > 1}
    assert 2 * limits[60.0] < 30  # each of ours is a login and a query
    assert 2 * limits[3600.0] < 300
    assert (1, 3600.0) in [(limit.requests, limit.period_s) for limit in asked.limits]


def test_spacetrack_takes_a_list_of_numbers():
    assert "/norad_cat_id/25544,43013/" in query("spacetrack:25544,43013").url


def test_every_limit_says_who_asks_for_it():
    limits = (*query("celestrak:geo").limits, *query("spacetrack:catalogue").limits)
    assert all(".org" in limit.source for limit in limits)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("celestrak:starlnik", "starlink"),
        ("celestrak:", "active"),
        ("celestrak:../../etc", "active"),
        ("spacetrack:active", "spacetrack:catalogue"),
        ("spacetrack:25544/format/x", "25544,43013"),
        ("spacetrack:25544,", "25544,43013"),
        ("norad:active", "celestrak:active"),
    ],
)
def test_a_name_that_no_source_knows_gets_a_hint(name, hint):
    with pytest.raises(InputError, match=hint):
        query(name)

"""The pictures of one event, by name: `event.plot.history()`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from skypact.ssa.encounter_plane_plot import encounter_plane_plot
from skypact.ssa.event_history_plot import Decision, history_plot
from skypact.ssa.event_words import seconds_between
from skypact.ssa.events import called
from skypact.ssa.probability import collision_probability
from skypact.ssa.probability_plots import dilution_plot, radius_plot
from skypact.ssa.trade_space_plot import trade_space_plot

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Svg
    from skypact.records.encounters import Encounters
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.trade_space import TradeSpace

    Floats = npt.NDArray[np.float64]

_SCALES = np.geomspace(0.05, 20.0, 121)
_RADII = np.geomspace(0.1, 10.0, 61)


@dataclass(frozen=True)
class EventPlots:
    """Each method draws one picture; notebooks show it, `str` gives its SVG."""

    of: EventAssessment

    def history(self) -> Svg:
        """Probability and miss, message by message."""
        return history_plot(
            self.of.history,
            self.of.thresholds,
            commit_before_tca_s=seconds_between(
                self.of.message.tca_tai_ns, self.of.advice.commit_by_tai_ns
            ),
            decision=self._decision(),
            title=f"{self._pair()}: how the prediction changed",
        )

    def encounter_plane(self) -> Svg:
        """The encounter along the relative velocity, with the errors of both positions."""
        shown = self.of.encounter
        if self.of.reasons:  # half a covariance would look like certainty
            shown = replace(shown, covariances1=np.full_like(shown.covariances1, np.nan))
        return encounter_plane_plot(
            shown, title=f"{self._pair()}: the encounter", mode=self.of.data_mode
        )

    def dilution(self) -> Svg:
        """Probability (2D-Pc) against the size of the covariance."""
        return dilution_plot(
            _SCALES,
            self._probability(scaled(self.of.encounter, _SCALES)),
            self.of.thresholds,
            title=f"{self._pair()}: does the uncertainty hide it?",
            mode=self.of.data_mode,
        )

    def radius(self) -> Svg:
        """Probability (2D-Pc) against the combined size of the bodies."""
        used_m = float(self.of.encounter.hard_body_radius_m[0])
        radii_m = used_m * _RADII
        return radius_plot(
            radii_m,
            self._probability(with_radii(self.of.encounter, radii_m)),
            self.of.thresholds,
            used_m=used_m,
            title=f"{self._pair()}: how large are they?",
            mode=self.of.data_mode,
        )

    def trade_space(
        self, space: TradeSpace, *, goal_probability: float = 1e-6, goal_miss_m: float = 5_000.0
    ) -> Svg:
        """Burns that might settle the event, from `skypact.plan` or `avoidance.plan_avoidance`."""
        return trade_space_plot(
            space,
            tca_tai_ns=self.of.message.tca_tai_ns,
            goal_probability=goal_probability,
            goal_miss_m=goal_miss_m,
            title=f"{self._pair()}: which burn settles it?",
        )

    def _decision(self) -> Decision | None:
        best, row = self.of.best, self.of.event.current_row
        if best.value is None or best.method == self.of.history.method[row]:
            return None
        return Decision(row, best.value, best.method.partition(",")[0])

    def _pair(self) -> str:
        message = self.of.message
        return f"{called(message.primary)} and {called(message.secondary)}"

    def _probability(self, encounters: Encounters) -> Floats:
        if self.of.reasons:
            return np.full(len(encounters), np.nan)
        return collision_probability(encounters).probability


def scaled(encounter: Encounters, sigma_ratio: Floats) -> Encounters:
    """One encounter with every sigma of both objects multiplied by each ratio."""
    many = encounter[np.zeros(len(sigma_ratio), np.int64)]
    square = (sigma_ratio**2)[:, None, None]
    return replace(
        many,
        covariances1=many.covariances1 * square,
        covariances2=many.covariances2 * square,
        cross_covariances=many.cross_covariances * square,
    )


def with_radii(encounter: Encounters, radii_m: Floats) -> Encounters:
    """One encounter with each of these combined hard-body radii."""
    return replace(encounter[np.zeros(len(radii_m), np.int64)], hard_body_radius_m=radii_m.copy())

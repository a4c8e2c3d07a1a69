"""A screening in the form that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from skypact.cli.results import Format, writing
from skypact.formats import socrates, tables
from skypact.formats.socrates import SocratesReport
from skypact.ssa.maximum_probability import maximum_probabilities

if TYPE_CHECKING:
    from pathlib import Path

    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements


def write(
    found: Screening,
    elements: Elements,
    form: Format,
    output: Path | None,
    *,
    mode: Literal["a", "i"],
    radius_m: float,
) -> None:
    """Write a screening for programs."""
    with writing(output) as stream:
        if form == "json":
            tables.write_screening_json(found, stream)
        elif form == "jsonl":
            tables.write_json_lines(found.conjunctions, stream)
        elif form == "csv":
            tables.write_csv(found.conjunctions, stream)
        elif form == "parquet":
            certificate = msgspec.json.encode(found.certificate).decode()
            metadata = {"skypact.certificate": certificate}
            tables.write_parquet(found.conjunctions, stream, metadata=metadata)
        else:
            report = socrates_report(found, elements, mode=mode, radius_m=radius_m)
            socrates.write_socrates(report, stream)


def socrates_report(
    found: Screening, elements: Elements, *, mode: Literal["a", "i"], radius_m: float
) -> SocratesReport:
    """The rows as SOCRATES has them, every object with this radius; closest first."""
    order = np.argsort(found.conjunctions.miss_distance_m, kind="stable")
    rows = found.conjunctions[order]
    probability, dilution_m = maximum_probabilities(
        rows, elements, radii_m=np.full((len(rows), 2), radius_m), mode=mode
    )
    return SocratesReport(
        marks=rows.marks,
        norad_id_1=rows.primary_norad_id,
        name_1=rows.primary_name,
        age_1_s=rows.primary_age_s,
        norad_id_2=rows.secondary_norad_id,
        name_2=rows.secondary_name,
        age_2_s=rows.secondary_age_s,
        tca_utc=rows.tca_utc,
        tca_in_leap_second=rows.tca_in_leap_second,
        miss_distance_m=rows.miss_distance_m,
        relative_speed_m_s=rows.relative_speed_m_s,
        maximum_probability=probability,
        dilution_m=dilution_m,
    )

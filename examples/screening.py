"""Find every close approach of the next 24 hours, look at the worst, keep a picture."""

from pathlib import Path

import numpy as np
import polars as pl

import skypact

elements = skypact.read("exercise")  # a file, celestrak:active, … go here too
found = skypact.screen(elements, start_utc=np.datetime64("2026-11-20"), days=1.0)
frame = pl.DataFrame(found.conjunctions)  # pandas, duckdb and pyarrow take it as well
worst = frame.filter(pl.col("group") < 0).sort("miss_distance_m").head(5)  # no docked pairs
print(worst.select("tca_utc", "primary_name", "secondary_name", "miss_distance_m"))
Path("close-approaches.svg").write_text(str(skypact.plot(found.conjunctions)), encoding="utf-8")

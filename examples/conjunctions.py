"""From conjunction messages to what they mean and ask for, with a page to hand on."""

from pathlib import Path

import polars as pl

import skypact
from skypact.node.event_page import event_page

event = skypact.assess("exercise")  # "event.cdm", a folder, the bytes of an attachment go here too
print(event.level.name, event.event.id, event.advice.what_to_do)
for estimate in event.estimates:
    print(estimate.method, estimate.value, "holds" if estimate.is_valid else "does not hold")
history = pl.DataFrame(event.history)  # one row per message
print(history.select("created_utc", "miss_distance_m", "sigma_normal_m", "collision_probability"))
Path("event.html").write_text(event_page(event), encoding="utf-8")
Path("encounter.svg").write_text(str(event.plot.encounter_plane()), encoding="utf-8")

"""Regional figures as Eurostat publishes them; skipped where LINKAGES_REAL does not name the folder of real files."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from observatory.stars import read_figures, star_scores
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.places import nuts_codes

pytestmark = pytest.mark.skipif(
    not os.environ.get("LINKAGES_REAL"), reason="LINKAGES_REAL does not name the folder of real files"
)
FILE = "sbs_r_nuts06_r2_persons_employed_2015.csv.gz"


def _figures_of_divisions() -> dict[tuple[str, str], float]:
    """The divisions of NUTS2 regions with a figure, read by other means."""
    with gzip.open(Path(os.environ["LINKAGES_REAL"]) / FILE, "rt", encoding="utf-8-sig") as stream:
        rows = [(row["geo"], row["nace_r2"], row["n2015"].strip()) for row in csv.DictReader(stream)]
    found = {}
    for geo, nace, text in rows:
        figure = "0" if text == "12:00 AM" else text.removesuffix(" d") if text != "d" else ""
        if figure and len(geo) == 4 and not geo.endswith("ZZ") and len(nace) == 3:
            found[geo, nace] = float(figure)
    return found


def test_every_cell_is_used_or_has_its_reason() -> None:
    path = Path(os.environ["LINKAGES_REAL"]) / FILE
    figures = read_figures([path], options=Options(measure="employment"))
    ledger = figures.ledger.set_index("reason")["cells"]
    assert ledger["read"] == ledger.drop("read").sum() == 46_859
    expected = _figures_of_divisions()
    known = figures.table.dropna(subset="employment")
    found = {(str(row.region), str(row.industry)): float(row.employment) for row in known.itertuples()}
    assert found == expected
    assert ledger["used"] == len(expected)
    assert len(figures.flags) == 386
    assert set(figures.flags["flag"]) == {"d"}


def test_the_study_s_version_and_the_remainders() -> None:
    path = Path(os.environ["LINKAGES_REAL"]) / FILE
    plain = read_figures([path], options=Options(measure="employment", nuts=2013))
    assert set(plain.table["region"]) <= nuts_codes(2013)
    filled = read_figures([path], options=Options(measure="employment", nuts=2013, fill="remainder"))
    estimated = filled.flags[filled.flags["estimated"] != ""]
    known = plain.table.dropna(subset="employment").set_index(["region", "industry"])["employment"]
    more = filled.table.dropna(subset="employment").set_index(["region", "industry"])["employment"]
    assert (more.loc[known.index] == known).all()
    assert len(more) == len(known) + len(estimated) > len(known)
    scores = star_scores(filled.table, "nace")
    assert scores["size"].max() == 1

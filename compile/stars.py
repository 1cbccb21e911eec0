"""Compile the Panorama 2020 tiers into the project's own layout.

Usage: python compile/stars.py FOLDER

FOLDER holds clusters_by_region.csv (industry, tier, nuts2_2013) and clusters_by_industry.csv (industry,
clusters, high, medium, basic), both read out of the report's Annex A, and top25_regions.csv (nuts2_2013,
region, basic, medium, high, total), its Table 3. Nothing that the print contradicts is
mended here: the card beside the tables lists it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).parents[1] / "observatory" / "stars" / "reference"


def tiers(folder: Path) -> pd.DataFrame:
    """industry, region, tier: one row a named cluster; a country that is one region gets its NUTS2 code."""
    printed = pd.read_csv(folder / "clusters_by_region.csv", dtype=str, keep_default_na=False)
    region = printed["nuts2_2013"].where(printed["nuts2_2013"].str.len() == 4, printed["nuts2_2013"] + "00")
    table = pd.DataFrame({"industry": printed["industry"], "region": region, "tier": printed["tier"]})
    return table.sort_values(["industry", "region"], ignore_index=True)


def counts(folder: Path) -> pd.DataFrame:
    """industry, clusters, high, medium, basic: the counts in the sentences of Annex A."""
    table = pd.read_csv(folder / "clusters_by_industry.csv", keep_default_na=False)
    columns = ["industry", "clusters", "high", "medium", "basic"]
    return table[columns].sort_values("industry", ignore_index=True)


def top_regions(folder: Path) -> pd.DataFrame:
    """region, basic, medium, high, total: the regions with most clusters, in the order of Table 3."""
    table = pd.read_csv(folder / "top25_regions.csv", keep_default_na=False)
    return table.drop(columns="region").rename(columns={"nuts2_2013": "region"})


def main(folder: Path) -> None:
    for name, table in (("tiers", tiers(folder)), ("counts", counts(folder)), ("top_regions", top_regions(folder))):
        table.to_csv(REFERENCE / f"panorama2020_{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Spaces beside stars: how strongly each industry of a space is linked in a region, against its star tier."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect, records_of
from linkages import counting
from linkages.periods import Period, year_weights
from observatory.figures.spaces_and_stars import QUARTERS, spaces_and_stars
from observatory.report.lineage import letter
from observatory.report.maps import line_names, lines_of
from observatory.report.material import Material
from observatory.report.pictures import Picture, picture
from observatory.report.wording import METHODS, TIERS, number, years
from observatory.why import records_of as reopened

COLUMNS = ["space", "industry", "region", "linkage", "tier"]
STRONG = ("high", "medium")
#: How many rows of each quarter are listed on the page.
LISTED = 6


def stars_beside(material: Material) -> pd.DataFrame:
    """Count the linkages of each space's industries in its regions, in the last period, beside the tiers.

    Returns
    -------
    DataFrame
        ``space, industry, region, linkage, tier``: `space` is the number of its line, `linkage` the events
        that link two sectors of the space, hold the industry and have a participant in the region; `tier`
        is in the words of the star table. By linkage.
    """
    network = f"sector__all__{material.last}"
    rows = [
        (material.lineages[network, int(space["community"])], row["industry"], row["region"], row["tier"])
        for space in material.spaces(network)
        for row in space.get("tiers") or []
    ]
    grid = pd.DataFrame(rows, columns=["space", "industry", "region", "tier"])
    if grid.empty:
        return pd.DataFrame(columns=COLUMNS)
    counts = linkages(material, network)
    table = grid.merge(counts, on=["space", "industry", "region"], how="left", validate="one_to_one")
    table["linkage"] = table["linkage"].fillna(0).astype("int64")
    order = ["linkage", "space", "industry", "region"]
    return table[COLUMNS].sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def linkages(material: Material, network: str) -> pd.DataFrame:
    """Count a period's events within each space by industry and region: ``space, industry, region, linkage``."""
    settings, records = material.settings, reopened(material.run)
    engine = records.engine
    spans = [Period.of(span) for span in settings["periods"]]
    here = next(span for span in spans if str(span) == network.split("__")[2])
    lines = lines_of(material, network).dropna().astype("int64")
    lookup = engine.table(pd.DataFrame({"node": lines.index.astype(str), "space": lines.to_numpy()}))
    facets = engine.keep(counting.facet_items(records, settings["sector_level"], settings["groups"]["sectors"]))
    pairs = counting.pairs(facets, engine, directed_deals=True).filter(nw.col("a") != nw.col("b"))
    dated = counting.in_period(pairs, engine, year_weights(here, spans, settings["shared_year"]))
    inside = (
        dated.join(lookup.select(a="node", space="space"), on="a")
        .join(lookup.select(b="node", other="space"), on="b")
        .filter(nw.col("space") == nw.col("other"))
        .select("event", "space")
        .unique()
    )
    industries = counting.facet_items(records, "industry").select("event", industry="node").unique()
    regions = counting.participant_items(records, "nuts2").select("event", region="node").unique()
    joined = engine.keep(inside).join(engine.keep(industries), on="event").join(engine.keep(regions), on="event")
    table = collect(joined.group_by("space", "industry", "region").agg(linkage=nw.len()))
    keys = ["space", "industry", "region"]
    return table.astype({"space": "int64", "linkage": "int64"}).sort_values(keys, ignore_index=True)


def quarters(points: pd.DataFrame) -> pd.Series[Any]:
    """Say of each row in which quarter it is: linked above the median or not, a tier of medium or high or not.

    Examples
    --------
    >>> points = pd.DataFrame({"linkage": [9, 1], "tier": ["high", "none"]})
    >>> quarters(points).to_list()
    ['Linked and a strong cluster', 'Neither']
    """
    linked = points["linkage"] > points["linkage"].median()
    strong = points["tier"].map(TIERS).isin(STRONG)
    said = [QUARTERS[bool(a), bool(b)] for a, b in zip(linked, strong, strict=True)]
    return pd.Series(said, index=points.index, dtype=object)


def section(material: Material, points: pd.DataFrame) -> dict[str, Any]:
    """Gather the section of spaces beside stars, for its template."""
    about = material.run.manifest["stars"]
    names = material.region_names
    where = quarters(points) if len(points) else pd.Series(dtype=object)
    return {
        "pictures": [_drawing(material, points)] if len(points) else [],
        "about": about,
        "method": METHODS.get(about["method"], about["method"]),
        "quarters": [
            {
                "name": name,
                "number": number((where == name).sum()),
                "rows": [
                    [letter(int(row["space"])), row["industry"], names.get(row["region"], ""), row["region"],
                     number(row["linkage"]), row["tier"]]
                    for row in records_of(points[where == name].head(LISTED))
                ],
            }
            for name in QUARTERS.values()
            if len(points)
        ],
    }  # fmt: skip


def _drawing(material: Material, points: pd.DataFrame) -> Picture:
    network = f"sector__all__{material.last}"
    about = material.run.manifest["stars"]
    tiers = f"{about['source']} ({METHODS.get(about['method'], about['method'])})"
    chart = spaces_and_stars(
        points.assign(tier=points["tier"].map(TIERS)),
        title=f"Strong linkages and strong clusters, {years(material.last)}",
        subtitle="each dot: an industry of a space in one of the space's regions; height: events within the space that "
        "hold the industry and have a participant in the region",
        source=f"{material.run.manifest['title']}: {network}; tiers: {tiers}.",
        names=line_names(material, [network]),
        value_name="events",
    )
    return picture("stars-beside", chart)

"""Regions: where they are strong, what they are linked in, what they lack, and who could be their partners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ingest.engine import records_of
from observatory.lineage import letter
from observatory.material import Material
from observatory.regions import OpenProfiles, RegionProfile, open_profiles, standing
from observatory.report.wording import counted, listed, number, years

#: How many regions are told of, how many linkages that each lacks, partners of each, and regions like it.
REGIONS, LACKING, PARTNERS, ALIKE = 12, 8, 3, 3
#: Tables of the run that get a sheet of the workbook each.
SHEETS = {
    "region_linkages": "stars/linkages",
    "region_lacking": "profiles/lacking",
    "region_partners": "profiles/partners",
    "region_alike": "profiles/alike",
}


def section(material: Material) -> dict[str, Any]:
    """Gather the section of regions, for its template."""
    if not material.profiles_about:
        return {"regions": [], "weak": [], "notes": [], "period": years(material.last)}
    opened = open_profiles(material.run, material.last)
    every = [_region(material, opened.profile(code)) for code in foremost(opened)]
    told, weak = ([one for one in every if bool(one["strong"]) is strong] for strong in (True, False))
    notes = opened.profile("").notes
    return {"regions": told, "weak": weak, "notes": notes, "period": years(material.last)}


def foremost(opened: OpenProfiles, top: int = REGIONS) -> list[str]:
    """Pick the regions to tell of: those with most strong industries in the spaces, then with most events.

    Where no region is strong in anything, those with most events are told of.
    """
    table = opened.tables["stars/quadrants"]
    table = table[table["region"] != ""]
    strong = table[table["strong"]].groupby("region")["industry"].nunique().rename("strong")
    events = table.groupby("region")["linkage"].sum().rename("events")
    both = pd.concat([strong, events], axis=1).fillna(0).rename_axis("region").reset_index()
    both = both.sort_values(["strong", "events", "region"], ascending=[False, False, True])
    return [str(code) for code in both["region"].head(top)]


def _region(material: Material, profile: RegionProfile) -> dict[str, Any]:
    strong = profile.industries[profile.industries["strong"]]
    return {
        "code": profile.region,
        "name": profile.name,
        "sums": _sums(profile),
        "strong": [
            [_letter(material, row["space"]), row["industry"], _tier(row), number(row["linkage"]), row["quadrant"]]
            for row in records_of(strong)
        ],
        "lacking": [
            [_letter(material, row["space"]), row["industry"], row["other"], number(row["events"]),
             number(row["association"], 1), _partners(profile.partners, row)]
            for row in records_of(profile.lacking.head(LACKING))
        ],
        "more": max(len(profile.lacking) - LACKING, 0),
        "linked": _linked(profile),
        "alike": _alike(profile),
    }  # fmt: skip


def _sums(profile: RegionProfile) -> str:
    """Say in a line what the region's fold holds."""
    strong = profile.industries[profile.industries["strong"]]
    names, both = strong["industry"].nunique(), strong.loc[strong["linked"], "industry"].nunique()
    return f"{standing(names, both)}; {counted(len(profile.lacking), 'linkage', none='no linkage')} lacking"


def _letter(material: Material, space: str) -> str:
    line = material.lines_of_last.get(space)
    return "" if line is None else letter(line)


def _tier(row: dict[str, Any]) -> str:
    return str(row["tier"]) if pd.isna(row["stars"]) else f"{row['tier']} ({number(row['stars'])})"


def _partners(partners: pd.DataFrame, lacking: dict[str, Any]) -> str:
    """Name the first partners for a linkage, with tier and events of the pair."""
    here = (
        (partners["space"] == lacking["space"])
        & (partners["industry"] == lacking["industry"])
        & (partners["other"] == lacking["other"])
    )
    said = [
        f"{row['partner_name']} ({row['tier']}, {counted(row['events'], 'event')})"
        for row in records_of(partners[here].head(PARTNERS))
    ]
    return "; ".join(said) or "none in the star table"


def _linked(profile: RegionProfile) -> str:
    """Name the regions and third countries that the region is linked to most."""
    table = profile.linked[profile.linked["partner"] != profile.region]
    summed = table.groupby(["partner", "partner_name"])["events"].max().reset_index()
    best = summed.sort_values(["events", "partner"], ascending=[False, True]).head(PARTNERS)
    return listed([f"{row['partner_name']} ({row['partner']})" for row in records_of(best)])


def _alike(profile: RegionProfile) -> str:
    rows = records_of(profile.alike.head(ALIKE))
    return listed([f"{row['other_name']} ({row['other']}, {number(row['similarity'], 2)})" for row in rows])


def sheet(material: Material, name: str) -> pd.DataFrame:
    """Give a table of :data:`SHEETS` for the workbook: the last period, spaces by letter."""
    table = material.profiled(SHEETS[name], material.last)
    if "space" in table:
        table = table.assign(space=[_letter(material, space) for space in table["space"]])
    return table

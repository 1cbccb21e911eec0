"""Stars: the star table with names, spaces beside stars, and one region's rows of both."""

from __future__ import annotations

import pandas as pd

from observatory.explorer.holdings import Holdings
from observatory.explorer.payload import Payload
from observatory.report.beside import said
from observatory.report.wording import METHODS

METHOD = "Stars, strong, linked and quadrants as in docs/stars.md."


def stars(holdings: Holdings) -> Payload:
    """Give the star table, and each industry of a space in a region: how strong and how linked."""
    return _payload(holdings, "Stars and tiers of industries in regions, beside their linkages in the spaces.", None)


def stars_of(holdings: Holdings, region: str) -> Payload:
    """Give one region's stars and quadrants."""
    label = holdings.labels["region"][region]
    return _payload(
        holdings, f"Stars and tiers of the industries of {label} ({region}), beside their linkages.", region
    )


def _payload(holdings: Holdings, what: str, region: str | None) -> Payload:
    about = dict(holdings.run.manifest.get("stars") or {})
    fields = {"method": METHODS.get(str(about.get("method")), about.get("method")), "star_source": about.get("source")}
    fields |= {"notes": about.get("notes", []), "about_stars": about}
    fields |= {"said": said(holdings.material), "limits": holdings.material.profiles_about}
    if region is not None:
        fields |= {"region": region, "region_label": holdings.labels["region"][region]}
    tables = {"stars": _named(holdings, holdings.stars), "quadrants": _beside(holdings)}
    if region is not None:
        tables = {
            name: table[table["region"] == region].reset_index(drop=True) if len(table) else table
            for name, table in tables.items()
        }
    return Payload(
        what=what,
        method=METHOD,
        unit="stars",
        source=f"{holdings.title}: stars.parquet ({about.get('source', 'no stars')}), stars/quadrants.parquet",
        fields=fields,
        tables=tables,
    )


def _named(holdings: Holdings, table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    names = holdings.labels["region"]
    codes = table["region"].astype(str)
    told = table.assign(region=codes)
    told.insert(list(told).index("region") + 1, "region_label", codes.map(names).fillna(codes))
    return told


def _beside(holdings: Holdings) -> pd.DataFrame:
    """Name the spaces and regions of the quadrants, the most linked first."""
    table = holdings.quadrants
    if table.empty:
        return table
    told = _named(holdings, table[table["region"] != ""])
    spaces = {code: every[0]["name"] for code, every in holdings.appearances.items()}
    letters = {
        (period, code): letter
        for period in holdings.material.periods
        for code, letter in holdings.letter_in("all", period).items()
    }
    told.insert(list(told).index("space") + 1, "space_label", told["space"].map(spaces))
    keys = zip(told["period"], told["space"], strict=True)
    told.insert(list(told).index("space") + 2, "letter", [letters.get(key) for key in keys])
    order = ["period", "linkage", "space", "industry", "region"]
    return told.sort_values(order, ascending=[False, False, True, True, True], ignore_index=True)

"""Focal industries: whom each emerging industry acquires, who acquires it, what it is joined with, and where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ingest.engine import records_of
from linkages.focal import ROLES
from observatory.material import Material
from observatory.report.wording import number, plain, years

#: How many others and regions are named in a cell.
NAMED = 3


def focal(material: Material) -> dict[str, Any]:
    """Gather the section of focal industries, for its template."""
    partners, regions = (_latest(material, f"focal/{name}.parquet") for name in ("partners", "regions"))
    names = sorted({*partners["focal"].astype(str)}) if len(partners) else []
    return {
        "period": years(material.last),
        "rows": [[name, *(_said(partners, name, role, "other_label") for role in ROLES)] for name in names],
        "regions": [[name, *(_said(regions, name, role, "region_label") for role in ROLES)] for name in names],
    }


def _latest(material: Material, name: str) -> pd.DataFrame:
    table = material.run.table(name)
    return table[(table["of"] == "all") & (table["period"] == material.last)] if len(table) else table


def _said(table: pd.DataFrame, focal: str, role: str, label: str) -> str:
    """Name the foremost, with events and quotient."""
    here = table[(table["focal"] == focal) & (table["role"] == role)].head(NAMED)
    said = [
        f"{plain(str(row[label]))} ({number(row['events'])}; {number(row['quotient'], 1)})" for row in records_of(here)
    ]
    return "; ".join(said) or "–"

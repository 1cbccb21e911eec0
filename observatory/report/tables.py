"""The tables that the report's workbook holds, a sheet each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ingest.regions import region_name
from observatory.lineage import letter
from observatory.material import Material
from observatory.report import regions, tiers, units
from observatory.report.linkage_sheets import linkage_sheets
from observatory.report.pictures import Picture
from observatory.report.spaces import tag

#: Concentration keeps this many regions of each period, source, side and focal industry.
CONCENTRATED = 25


#: Sheet → its columns of codes that get a column of names beside them.
CODES = {
    **dict.fromkeys(("change", "region_change", "series_links", "geography"), ("source", "target")),
    **dict.fromkeys(("stars_beside", "region_lacking", "space_tiers"), ("region",)),
    "region_linkages": ("region_a", "region_b"),
    "region_partners": ("region", "partner"),
    "region_alike": ("region", "other"),
}


def sheets(material: Material, points: pd.DataFrame, pictures: Iterable[Picture]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the workbook's sheets by name: names beside codes, then what the columns of all are, then the figures'.

    Parameters
    ----------
    material
        The run.
    points
        What :func:`observatory.report.beside.stars_beside` returns.
    pictures
        Figures whose whole data gets a sheet each.
    """
    rows: list[list[str]] = []
    for name, table in _sheets(material, points):
        whole = with_names(material, name, table)
        yield name, whole
        rows += units.rows(name, whole.columns)
    yield "units", pd.DataFrame(rows, columns=["sheet", "column", "unit", "meaning"])
    for one in pictures:
        yield one.sheet, one.data


def with_names(material: Material, sheet: str, table: pd.DataFrame) -> pd.DataFrame:
    """Put the names of sectors and regions beside their codes, where the table has none."""
    wanted = [column for column in CODES.get(sheet, ()) if column in table and f"{column}_label" not in table]
    if not wanted:
        return table
    table, names, nuts = table.copy(), _names(material), int(material.settings["nuts"])
    regional = sheet.startswith(("region", "stars", "space_tiers"))
    for column in wanted:
        codes = table[column].astype("str")
        known = {code: names.get(code) or (region_name(code, nuts) if regional else code) for code in codes.unique()}
        table.insert(table.columns.to_list().index(column) + 1, f"{column}_label", codes.map(known))
    return table


def _names(material: Material) -> dict[str, str]:
    """Give the names of all sectors and regions of the run's networks."""
    names = dict(material.region_names)
    for network in material.networks():
        nodes = material.nodes(network)
        names |= dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
    return names


def _sheets(material: Material, points: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    run = material.run
    yield "ledger", run.table("ledger.csv")
    yield "unmatched", run.table("unmatched.csv").sort_values("weight", ascending=False, kind="stable")
    for name in ("funnel", "matched", "coverage", "doubtful", "moves"):
        if run.names(f"quality/{name}.parquet"):
            table = run.table(f"quality/{name}.parquet")
            yield f"quality_{name}", table[table["participants"] > 0] if name == "coverage" else table
    yield "spaces", spaces_table(material)
    yield "members", _of_spaces(material, "members")
    yield "space_links", space_links(material)
    yield "space_regions", regions_table(material)
    yield "space_tiers", _of_spaces(material, "tiers")
    for period in material.periods:
        yield f"links_{period}", _labelled(material, f"sector__all__{period}")
    for period in material.periods:
        yield f"region_links_{period}", _labelled(material, f"region__all__{period}")
    if len(material.periods) > 1:
        yield "change", material.change("sector__all")
        yield "region_change", material.change("region__all")
    yield from linkage_sheets(material)
    yield from tiers.sheets(material)
    yield "stars_beside", points.assign(space=[letter(int(space)) for space in points["space"]])
    for name in regions.SHEETS:
        yield name, regions.sheet(material, name)
    yield "concentration_top", _concentration(material)
    yield "networks", _networks(material)
    yield "agreement", pd.DataFrame(material.found["agreement"], columns=["a", "b", "ami", "vi"])
    yield "sensitivity", pd.DataFrame(material.found["sensitivity"])


def spaces_table(material: Material) -> pd.DataFrame:
    """Give one row a space, of every network."""
    rows = [
        {
            **_about(material, space),
            "name": space["name"],
            "members": len(space["members"]),
            "weight_inside": space["weight_inside"],
            "share_inside": space["share_inside"],
            "stability": space["stability"],
            "regions": ", ".join(row["region"] for row in space["regions"]["top"]),
            "since": (space.get("change") or {}).get("since"),
            "predecessor": (space.get("change") or {}).get("predecessor"),
            "overlap": (space.get("change") or {}).get("overlap"),
        }
        for space in material.found["spaces"]
    ]
    columns = ["network", "space", "id", "name", "members", "weight_inside", "share_inside", "stability", "regions"]
    return pd.DataFrame(rows, columns=[*columns, "since", "predecessor", "overlap"])


def _about(material: Material, space: Mapping[str, Any]) -> dict[str, Any]:
    return {"network": space["network"], "space": tag(material, space), "id": space["id"]}


def _of_spaces(material: Material, part: str) -> pd.DataFrame:
    """Give the rows that each space lists, with the space before them."""
    rows = [
        {**_about(material, space), **{key: _plain(value) for key, value in row.items()}}
        for space in material.found["spaces"]
        for row in space.get(part) or []
    ]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["network", "space", "id"])


def space_links(material: Material) -> pd.DataFrame:
    """Give the links within each space, with the names of their ends."""
    table = _of_spaces(material, "links")
    if "labels" not in table:
        return table
    ends = [json.loads(pair) for pair in table.pop("labels")]
    for place, end in enumerate(("source", "target")):
        table.insert(table.columns.to_list().index(end) + 1, f"{end}_label", [pair[place] for pair in ends])
    return table


def regions_table(material: Material) -> pd.DataFrame:
    """Give the regions of each space: those with most events, those within, the pairs between."""
    rows = []
    for space in material.found["spaces"]:
        for kind in ("top", "within", "between"):
            for row in space["regions"][kind]:
                ends = row.get("regions") or [row["region"], ""]
                names = row.get("names") or [row["name"], ""]
                rows.append([*_about(material, space).values(), kind, *ends, *names, row["events"]])
    columns = ["network", "space", "id", "kind", "region_a", "region_b", "name_a", "name_b", "events"]
    return pd.DataFrame(rows, columns=columns)


def _labelled(material: Material, network: str) -> pd.DataFrame:
    nodes, links = material.nodes(network), material.links(network)
    labels = dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
    for place, end in ((1, "source"), (3, "target")):
        links.insert(place, f"{end}_label", links[end].astype(str).map(labels))
    return links.sort_values(["weight", "source", "target"], ascending=[False, True, True])


def _concentration(material: Material) -> pd.DataFrame:
    """Give the foremost regions of each period, source, side and focal industry, with their names."""
    table = material.run.table("concentration.parquet")
    table = table[table["rank"] <= CONCENTRATED].copy()
    names, nuts = material.region_names, int(material.settings["nuts"])
    codes = table["region"].astype(str)
    table.insert(table.columns.to_list().index("region") + 1, "region_label", [
        names.get(code) or region_name(code, nuts) for code in codes
    ])  # fmt: skip
    return table


def _networks(material: Material) -> pd.DataFrame:
    rows = []
    for name in material.networks():
        one = material.summary(name)
        keys = ("nodes", "links", "events", "k", "q", "rule", "finding", "infomap_k", "energy", "modularity")
        row = {"network": name, **{key: one[key] for key in keys}}
        row |= {f"leiden_{key}": one["gaps"][f"leiden_{key}"] for key in ("modularity", "k")}
        row |= {f"agreement_{key}": value for key, value in one["agreement"].items()}
        rows.append(row | {"replicates": one["replicates"], "left_out": ", ".join(map(str, one["left_out"]))})
    return pd.DataFrame(rows)


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value

"""The report's tables as a workbook: codes as text, nothing from the data as a formula, the same bytes each time."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from observatory.material import Material
from observatory.report import regions, tiers
from observatory.report.linkage_sheets import linkage_sheets
from observatory.report.pictures import Picture
from observatory.report.spaces import tag

#: The day that stands in every workbook, so that the same run gives the same bytes.
DAY = datetime.datetime(2000, 1, 1)
#: Rows of a sheet, heading and last word aside, and characters that a cell can hold; the sheet says what is over.
ROWS, CHARACTERS = 50_001, 32_767
#: Widest column, in characters; rows that its width is taken from.
WIDEST, LOOKED_AT = 60, 200
#: Concentration keeps this many regions of each period, source, side and focal industry.
CONCENTRATED = 25
#: Codes stay text, whatever they look like.
OPTIONS: Mapping[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def sheets(material: Material, points: pd.DataFrame, pictures: Iterable[Picture]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the workbook's sheets by name.

    Parameters
    ----------
    material
        The run.
    points
        What :func:`observatory.report.beside.stars_beside` returns.
    pictures
        Figures whose whole data gets a sheet each.
    """
    run = material.run
    yield "ledger", run.table("ledger.csv")
    yield "unmatched", run.table("unmatched.csv").sort_values("weight", ascending=False, kind="stable")
    yield "spaces", spaces_table(material)
    yield "members", _of_spaces(material, "members")
    yield "space_links", _of_spaces(material, "links")
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
    yield "stars_beside", points.assign(space=[int(space) + 1 for space in points["space"]])
    for name in regions.SHEETS:
        yield name, regions.sheet(material, name)
    yield "concentration_top", _concentration(run.table("concentration.parquet"))
    yield "networks", _networks(material)
    yield "agreement", pd.DataFrame(material.found["agreement"], columns=["a", "b", "ami", "vi"])
    yield "sensitivity", pd.DataFrame(material.found["sensitivity"])
    for one in pictures:
        yield f"fig_{one.name}"[:31], one.data


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


def _concentration(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["rank"] <= CONCENTRATED]


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


def write_tables(path: Path, tables: Iterable[tuple[str, pd.DataFrame]]) -> Path:
    """Write a workbook: a sheet a table, headings frozen, columns as wide as what they hold.

    Parameters
    ----------
    path
        The file; its folder is there.
    tables
        Name (at most 31 characters) and table of each sheet.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), dict(OPTIONS)) as book:
        book.set_properties({"created": DAY, "title": "Tables of the report"})
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5"})
        text = book.add_format({"num_format": "@"})
        for name, table in tables:
            _write(book.add_worksheet(name), table, heading, text)
    return path


def _write(sheet: Any, table: pd.DataFrame, heading: Any, text: Any) -> None:
    """Write one table; what the format cannot hold is said in the last row."""
    sheet.freeze_panes(1, 0)
    rows = table.head(ROWS - 1)
    for number, column in enumerate(rows):
        cells = [_cell(value) for value in rows[column].tolist()]
        longest = max([len(str(column)), *(len(str(cell)) for cell in cells[:LOOKED_AT] if cell is not None)])
        sheet.set_column(number, number, min(WIDEST, longest + 2))
        sheet.write_string(0, number, str(column), heading)
        for row, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                sheet.write_string(row, number, cell, text)
            elif cell is not None:
                sheet.write_number(row, number, cell)
    if len(table) > len(rows):
        sheet.write_string(len(rows) + 1, 0, f"{len(table) - len(rows):,} further rows are in the run folder")
    if len(table.columns) and len(rows):
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)


def _cell(value: Any) -> str | float | int | None:
    """Turn a value into what a cell holds: text, a number, or nothing.

    Examples
    --------
    >>> _cell("0325"), _cell(2.5), _cell(float("inf")), _cell(None), _cell(True)
    ('0325', 2.5, 'inf', None, 'yes')
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)[:CHARACTERS]

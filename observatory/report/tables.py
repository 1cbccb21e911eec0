"""The report's tables as a workbook: codes as text, nothing from the data as a formula, the same bytes each time."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
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
#: Tables of every link by kind of event are read from the top: so many rows of them, the whole in the run folder.
DETAIL = 5_000
DETAILED = ("composition", "trend", "geography", "region_change", "series_links", "fig_")
#: Widest column, in characters; rows that its width is taken from.
WIDEST, LOOKED_AT = 60, 200
#: Concentration keeps this many regions of each period, source, side and focal industry.
CONCENTRATED = 25
#: Columns that hold years, not amounts.
YEARS = frozenset({"year", "first", "last", "since_year"})
#: A sheet of the workbook as JSON holds it; see :func:`sheet_of`.
Sheet = dict[str, Any]
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
    for name in ("funnel", "matched", "coverage", "doubtful", "moves"):
        if run.names(f"quality/{name}.parquet"):
            table = run.table(f"quality/{name}.parquet")
            yield f"quality_{name}", table[table["participants"] > 0] if name == "coverage" else table
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
        yield one.sheet, one.data


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


def sheet_of(name: str, table: pd.DataFrame) -> Sheet:
    """Turn a table into a sheet that JSON can hold.

    Returns
    -------
    dict
        ``name``, ``columns`` (``name`` and number ``format`` of each), ``rows`` of text, numbers and None, at most as
        many as a sheet of the workbook holds, and ``more``, how many are over.

    Examples
    --------
    >>> sheet_of("deals", pd.DataFrame({"code": ["01"], "year": [2007], "events": [1200], "share": [0.25]}))["columns"]
    [{'name': 'code', 'format': '@'}, {'name': 'year', 'format': '0'}, {'name': 'events', 'format': '#,##0'}, \
{'name': 'share', 'format': '0.0000'}]
    """
    limit = DETAIL if name.startswith(DETAILED) else ROWS - 1
    rows = _foremost(table, limit)
    cells = [_cells(rows.iloc[:, place]) for place in range(len(rows.columns))]
    columns = [{"name": str(column), "format": format_of(str(column), column_cells)}
               for column, column_cells in zip(table.columns, cells, strict=True)]  # fmt: skip
    return {
        "name": name,
        "columns": columns,
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "more": len(table) - len(rows),
    }


def _foremost(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Keep so many rows: of a table with ranks those ranked first in every part of it.

    Examples
    --------
    >>> table = pd.DataFrame({"of": ["a", "a", "b", "b"], "rank": [1, 2, 1, 2]})
    >>> _foremost(table, 3).values.tolist()
    [['a', 1], ['b', 1]]
    """
    if len(table) <= limit or "rank" not in table:
        return table.head(limit)
    until = table["rank"].value_counts().sort_index().cumsum()
    kept = until[until <= limit]
    return table[table["rank"] <= kept.index.max()] if len(kept) else table.head(limit)


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Turn a column into cells; whole columns of finite numbers at once."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf" and np.isfinite(column.to_numpy()).all():
        return column.tolist()
    return [cell_of(value) for value in column.tolist()]


def format_of(column: str, cells: Iterable[Any]) -> str:
    """Choose a number format by what a column holds: years without thousands, shares with their digits.

    Examples
    --------
    >>> format_of("events", [3, None]), format_of("first", [2001]), format_of("weight", [0.5, 1200.0])
    ('#,##0', '0', '#,##0.00')
    """
    numbers = [cell for cell in cells if not isinstance(cell, str) and cell is not None]
    if not numbers:
        return "@"
    if column in YEARS:
        return "0"
    if all(isinstance(cell, int) for cell in numbers):
        return "#,##0"
    return "#,##0.00" if max(map(abs, numbers)) >= 10 else "0.0000"


def write_tables(path: Path, tables: Iterable[tuple[str, pd.DataFrame]]) -> Path:
    """Write tables as a workbook, a sheet each.

    Parameters
    ----------
    path
        The file; its folder is there.
    tables
        Name (at most 31 characters) and table of each sheet.
    """
    return write_sheets(path, (sheet_of(name, table) for name, table in tables))


def write_sheets(path: Path, sheets: Iterable[Sheet], title: str = "Tables of the report") -> Path:
    """Write sheets as a workbook: headings frozen, columns as wide as what they hold, the same bytes each time.

    Parameters
    ----------
    path
        The file; its folder is there.
    sheets
        What :func:`sheet_of` returns; those read back from JSON give the same workbook.
    title
        What the workbook says of itself.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), dict(OPTIONS)) as book:
        book.set_properties({"created": DAY, "title": title})
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5"})
        formats: dict[str, Any] = {}
        for one in sheets:
            for column in one["columns"]:
                key = column["format"]
                if key not in formats:
                    formats[key] = book.add_format({"num_format": key})
            formats.setdefault("@", book.add_format({"num_format": "@"}))
            _write(book.add_worksheet(one["name"]), one, heading, formats)
    return path


def _write(sheet: Any, one: Sheet, heading: Any, formats: Mapping[str, Any]) -> None:
    """Write one sheet; what the format cannot hold is said in the last row."""
    sheet.freeze_panes(1, 0)
    rows, columns = one["rows"], one["columns"]
    text, chosen = formats["@"], [formats[column["format"]] for column in columns]
    for number, column in enumerate(columns):
        seen = (len(str(row[number])) for row in rows[:LOOKED_AT] if row[number] is not None)
        longest = max([len(column["name"]), *seen])
        sheet.set_column(number, number, min(WIDEST, longest + 2))
        sheet.write_string(0, number, column["name"], heading)
    for place, row in enumerate(rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, number, cell, text)
            elif cell is not None:
                sheet.write_number(place, number, cell, chosen[number])
    if one["more"]:
        sheet.write_string(len(rows) + 1, 0, f"{one['more']:,} further rows are in the run folder")
    if columns and rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def cell_of(value: Any) -> str | float | int | None:
    """Turn a value into what a cell holds: text, a number, or nothing.

    Examples
    --------
    >>> cell_of("0325"), cell_of(2.5), cell_of(float("inf")), cell_of(None), cell_of(True)
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

"""What is known of a region itself: population, GDP, patents; from the table's total rows or a file of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.check import REGIONAL, checked
from observatory.stars.industries import TOTAL

PER_MILLION = 1_000_000


def facts(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return each region's population, GDP and patents of a year, or of the latest year before it that is known.

    Parameters
    ----------
    rows
        ``region, year`` and any of ``population`` (persons), ``gdp`` (EUR in all), ``patents`` (number): the
        total rows of a regional table, or a table of regions.
    year
        The year that is wanted.

    Returns
    -------
    pandas.DataFrame
        ``region, population, gdp, patents, gdp_per_head`` (EUR), ``patents_per_million`` (of inhabitants);
        missing where not known; sorted.

    Examples
    --------
    >>> rows = pd.DataFrame({"region": ["DE21"] * 2, "year": [2013, 2014], "population": [4e6, None], "gdp": 2e11})
    >>> facts(rows, 2014)[["region", "population", "gdp_per_head"]].values.tolist()
    [['DE21', 4000000.0, 50000.0]]
    """
    held = rows.reindex(columns=["region", "year", *REGIONAL])
    held = held[held["year"] <= year].sort_values(["region", "year"])
    table = held.groupby("region")[list(REGIONAL)].last().astype("float64").reset_index()
    people = table["population"].where(table["population"] > 0)
    return table.assign(
        gdp_per_head=table["gdp"] / people,
        patents_per_million=table["patents"] / people * PER_MILLION,
    )


def on_facts(table: pd.DataFrame) -> list[str]:
    """Say which figures of regions are not known, and what cannot be told without them.

    Examples
    --------
    >>> on_facts(pd.DataFrame({"population": [None], "gdp_per_head": [None], "patents_per_million": [None]}))[0]
    'The population of no region is known: clusters are not set against it.'
    """
    costs = {
        "population": "The population of no region is known: clusters are not set against it.",
        "gdp_per_head": "The GDP and population of no region are known: prosperity is not set beside clusters.",
        "patents_per_million": "The patents and population of no region are known: patenting is not set beside "
        "clusters.",
    }
    return [said for column, said in costs.items() if not table[column].notna().any()]


def read_regions(path: Path | str) -> pd.DataFrame:
    r"""Read a table of regions: population, GDP and patents by region and year.

    Parameters
    ----------
    path
        CSV (also gzipped), Parquet or a workbook of one sheet, with the columns ``region, year`` and any of
        ``population`` (persons), ``gdp`` (EUR in all), ``patents`` (number), in any order and case.

    Returns
    -------
    pandas.DataFrame
        ``region, year`` and those of the three columns that the file has; ``attrs["file"]`` is its name.

    Raises
    ------
    BadInput
        Every fault of the file at once: no such file, a column that is missing, a region and year that occur
        twice, a figure that is none or is negative.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name, "regions.csv")
    >>> _ = file.write_text("region;year;population\nDE21;2014;4519979\n", encoding="utf-8")
    >>> read_regions(file).values.tolist()
    [['DE21', 2014, 4519979.0]]
    >>> folder.cleanup()
    """
    from observatory.stars.layouts.opened import opened

    path = Path(path)
    tables, faults = opened([path])
    if faults:
        raise BadInput(faults)
    if len(tables) != 1:
        raise BadInput(Fault(path.name, None, f"{len(tables)} sheets", "one sheet", "keep the sheet of regions only"))
    raw = tables[0].frame()
    lines = raw.pop("_line").to_list()
    raw.columns = pd.Index([str(name).strip().lower() for name in raw.columns])
    held = [name for name in REGIONAL if name in raw]
    if not held:
        expected = f"a column {', '.join(REGIONAL[:-1])} or {REGIONAL[-1]}"
        raise BadInput(
            Fault(path.name, tables[0].heading_line, ", ".join(raw.columns), expected, "name the columns so")
        )
    asked = raw[[name for name in ("region", "year", *held) if name in raw]].assign(industry=TOTAL)
    table = checked(asked, file=path.name, lines=lines, required=("region", "year"))
    table = table[["region", "year", *held]].sort_values(["region", "year"], ignore_index=True)
    table.attrs = {"file": path.name}
    return table

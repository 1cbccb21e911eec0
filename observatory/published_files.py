"""The published tiers as files: the tiers in a version of NUTS, the counts, and where the print contradicts itself."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory import store
from observatory.listing import save_table
from observatory.star_files import KIND
from observatory.stars.published import (
    PUBLISHED_NUTS,
    published_contradictions,
    published_counts,
    published_tiers,
    published_top_regions,
)

__all__ = ["PUBLISHED", "PUBLISHED_NUTS", "published_tables", "save_published"]

#: What stands in the place of a table's name, here and in study.toml.
PUBLISHED = "panorama2020"


def published_tables(nuts: int = PUBLISHED_NUTS) -> dict[str, pd.DataFrame]:
    """Give what the Panorama 2020 published of its tiers, by name.

    Returns
    -------
    dict of DataFrame
        ``tiers`` (in the version of NUTS), ``counts``, ``top_regions`` (in the version of 2013, as printed),
        ``contradictions``, and ``notes``: ``table, note``, with source, licence and version of each.

    Examples
    --------
    >>> {name: len(table) for name, table in published_tables().items() if name != "notes"}
    {'tiers': 1094, 'counts': 51, 'top_regions': 25, 'contradictions': 31}
    """
    tables = {"tiers": published_tiers(nuts), "counts": published_counts(), "top_regions": published_top_regions()}
    rows = [
        (name, str(note))
        for name, table in tables.items()
        for note in (*(f"{key}: {table.attrs[key]}" for key in ("source", "licence", "version")), *table.attrs["notes"])
    ]
    tables["contradictions"] = published_contradictions()
    tables["notes"] = pd.DataFrame(rows, columns=["table", "note"])
    return tables


def save_published(out: Path, nuts: int = PUBLISHED_NUTS) -> Path:
    """Write the published tiers to CSV or Parquet, or everything that was published to a workbook or a folder.

    Raises
    ------
    BadInput
        For another ending, for a folder that holds something else, and where it cannot be written.
    """
    tables = published_tables(nuts)
    if out.suffix.lower() in (".csv", ".parquet"):
        return save_table(tables["tiers"], out)
    if out.suffix.lower() == ".xlsx":
        return _workbook(tables, out)
    if out.suffix and not out.is_dir():
        raise BadInput(Fault(str(out), None, out.suffix, ".csv, .parquet, .xlsx or a folder", "name the file so"))
    with store.new_run(out, KIND) as folder:
        for name, table in tables.items():
            store.write_csv(folder / f"{name}.csv", table)
        about = {"kind": KIND, "title": tables["tiers"].attrs["title"], "nuts": nuts}
        store.write_json(folder / store.MANIFEST, {**about, "outputs": store.outputs(folder)})
    return out


def _workbook(tables: dict[str, pd.DataFrame], out: Path) -> Path:
    from observatory.report.workbook import write_tables

    try:
        with tempfile.TemporaryDirectory(prefix=".linkages-", dir=out.resolve().parent) as folder:
            os.replace(write_tables(Path(folder) / out.name, tables.items()), out)  # noqa: PTH105 - a rename
    except OSError as error:
        expected = "a file in a folder to write in"
        raise BadInput(Fault(str(out), None, error.strerror or "", expected, "name another with --out")) from None
    return out

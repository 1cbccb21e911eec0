"""Star results as files: a folder of CSV and Parquet, or one workbook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory import store
from observatory.stars.results import StarResults
from observatory.stars.sheets import described, stated

#: What a folder of star results calls itself in its manifest.
KIND = "stars"


def sheets_of(results: StarResults, source: str) -> dict[str, pd.DataFrame]:
    """Give every table that holds a row by name: the stars first, then what the columns are, then the method.

    Examples
    --------
    >>> none = StarResults(pd.DataFrame({"region": ["DE21"]}), {}, [], {"how": "", "thresholds": {}})
    >>> list(sheets_of(none, "stars.csv"))
    ['stars', 'columns', 'method']
    """
    tables = {"stars": results.scores, **{name: one for name, one in results.tables.items() if len(one)}}
    return {**tables, "columns": described(tables, source), "method": stated(results.about, results.notes)}


def save_results(
    results: StarResults, out: Path, source: str, delivered: Mapping[str, pd.DataFrame] | None = None
) -> Path:
    """Write star results where a user wants them.

    Parameters
    ----------
    results
        What :func:`observatory.stars.results.star_results` returns.
    out
        A folder (a name without an ending, or one that is there): every table as CSV and Parquet, with
        ``columns.csv`` (meaning, unit and source of each column), ``method.csv``, ``manifest.json``, and figures
        as SVG in ``figures/``. A name
        in ``.xlsx``: every table on a sheet.
    source
        The name of the regional table.
    delivered
        What is known of the figures as they were delivered, by name (flags, ledger, rejects): CSV files of the folder.

    Raises
    ------
    BadInput
        For another ending, for a folder that holds something else, and where it cannot be written; what was
        there before then stays as it was.
    """
    if out.is_dir() or not out.suffix:
        return _folder(results, out, source, delivered or {})
    if out.suffix.lower() != ".xlsx":
        raise BadInput(Fault(str(out), None, out.suffix, ".csv, .parquet, .xlsx or a folder", "name the file so"))
    return _workbook(results, out, source)


def figures_of(results: StarResults, source: str) -> Iterator[tuple[str, str]]:
    """Draw every figure that the results allow: its name and its drawing in SVG; a map only of NUTS regions."""
    from observatory.figures.output import to_svg
    from observatory.figures.shapes import ground
    from observatory.star_figures import Drawn, every

    known = set(ground(None).regions)
    on_map = bool(known & set(results.scores["region"]))
    for name, chart in every(Drawn(results.tables, results.about, source)):
        if on_map or not name.startswith("firm_size_"):
            yield name, to_svg(chart)


def _folder(results: StarResults, out: Path, source: str, delivered: Mapping[str, pd.DataFrame]) -> Path:
    with store.new_run(out, KIND) as folder:
        for name, table in delivered.items():
            store.write_csv(folder / f"{name}.csv", table)
        for name, table in sheets_of(results, source).items():
            store.write_csv(folder / f"{name}.csv", table)
            if name not in ("columns", "method"):
                store.write_parquet(folder / f"{name}.parquet", table)
        for name, picture in figures_of(results, source):
            path = folder / "figures" / f"{name}.svg"
            path.parent.mkdir(exist_ok=True)
            path.write_text(picture, encoding="utf-8", newline="\n")
        about = {"kind": KIND, "title": f"Star scores of {source}", **results.about, "notes": results.notes}
        store.write_json(folder / store.MANIFEST, {**about, "outputs": store.outputs(folder)})
    return out


def _workbook(results: StarResults, out: Path, source: str) -> Path:
    from observatory.report.workbook import write_tables

    try:
        with tempfile.TemporaryDirectory(prefix=".linkages-", dir=out.resolve().parent) as folder:
            fresh = write_tables(Path(folder) / out.name, sheets_of(results, source).items())
            os.replace(fresh, out)  # noqa: PTH105 - a rename, said as such
    except OSError as error:
        expected = "a file in a folder to write in"
        raise BadInput(Fault(str(out), None, error.strerror or "", expected, "name another with --out")) from None
    return out


def named_lists(given: Sequence[str], option: str) -> dict[str, list[str]]:
    """Read what the command line says of groups and economies: ``NAME=A;B``.

    Raises
    ------
    BadInput
        Names every one that is written otherwise.

    Examples
    --------
    >>> named_lists(["Fashion=315; 316"], "--group")
    {'Fashion': ['315', '316']}
    """
    faults, lists = [], {}
    for one in given:
        name, _, rest = one.partition("=")
        members = [member.strip() for member in rest.split(";") if member.strip()]
        if not name.strip() or not members:
            faults.append(Fault(option, None, one, "a name, =, and its members with ; between", "write NAME=A;B"))
        lists[name.strip()] = members
    if faults:
        raise BadInput(faults)
    return lists

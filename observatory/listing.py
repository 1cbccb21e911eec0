"""Tables for the terminal and for files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.store import Run


def chosen_spaces(run: Run, network: str | None, period: str | None) -> list[dict[str, Any]]:
    """Pick the spaces of a network and period; the summed network of the last period by default.

    Raises
    ------
    BadInput
        When the run has no such network; the message names those that it has.
    """
    every = run.spaces
    names = sorted({space["network"] for space in every})
    wanted = network or "sector__all"
    fits = [n for n in names if n == wanted or n.startswith(f"{wanted}__") or f"__{wanted}__" in n]
    fits = [n for n in fits if period is None or n.endswith(f"__{period}")]
    if not fits:
        given = wanted if period is None else f"{wanted} {period}"
        raise BadInput(Fault(str(run.folder), None, given, f"one of {', '.join(names)}", "name one of these"))
    keep = set(fits) if period is None and network is not None else {fits[-1]}
    return [space for space in every if space["network"] in keep]


def space_rows(spaces: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Give one row a space: what fits on a line."""
    rows = []
    for space in spaces:
        tiers = space.get("tier_counts", {})
        rows.append(
            {
                "id": space["id"],
                "network": space["network"],
                "name": space["name"],
                "members": " ".join(member["node"] for member in space["members"]),
                "inside": round(space["share_inside"], 3) if space["share_inside"] is not None else "",
                "stability": space["stability"] if space["stability"] is not None else "",
                "regions": " ".join(row["region"] for row in space["regions"]["top"][:5]),
                "tiers": ", ".join(f"{number} {tier}" for tier, number in sorted(tiers.items())),
            }
        )
    columns = ["id", "network", "name", "members", "inside", "stability", "regions", "tiers"]
    return pd.DataFrame(rows, columns=columns)


def as_text(table: pd.DataFrame, terminal: bool) -> str:
    """Lay a table out for reading.

    Examples
    --------
    >>> print(as_text(pd.DataFrame({"source": ["a"], "rows": [3]}), terminal=False))
    source  rows
    a          3
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    sheet = Table(box=None if not terminal else box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for column in table.columns:
        numeric = pd.api.types.is_numeric_dtype(table[column])
        sheet.add_column(str(column), justify="right" if numeric else "left", overflow="fold")
    for row in table.itertuples(index=False):
        sheet.add_row(*("" if _none(cell) else _cell(cell) for cell in row))
    console = Console(
        width=None if terminal else 10_000,
        color_system="auto" if terminal else None,
        markup=False,
        highlight=False,
        emoji=False,
    )
    with console.capture() as captured:
        console.print(sheet)
    return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))


def _none(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and pd.isna(cell)) or cell is pd.NA


def _cell(cell: object) -> str:
    return f"{cell:,.6g}" if isinstance(cell, float) else str(cell)


def save_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, Parquet or xlsx, by the ending of its name.

    Raises
    ------
    BadInput
        For any other ending.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    elif ending == ".parquet":
        table.to_parquet(path, index=False)
    elif ending == ".xlsx":
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            table.to_excel(writer, sheet_name="table", index=False)
    else:
        raise BadInput(Fault(str(path), None, ending, ".csv, .parquet or .xlsx", "name the file so"))
    return path

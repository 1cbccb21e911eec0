"""Tables for the terminal and for files."""

from __future__ import annotations

import math
import os
import tempfile
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ingest.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from observatory.opened import Run

#: Tiers of stars, the best first.
TIERS = ("high", "medium", "basic", "basic or none", "none", "not known")


def chosen_spaces(run: Run, network: str | None, period: str | None) -> list[dict[str, Any]]:
    """Pick the spaces of a network and period; the summed network of the last period by default.

    Empty for a network of the run in which no space is told, as for one without links.

    Raises
    ------
    BadInput
        When the run has no such network; the message names those that have spaces.
    """
    every = run.spaces
    told = {space["network"] for space in every}
    names = sorted({*told, *(name for name in run.networks if name.startswith("sector__"))})
    wanted = network or "sector__all"
    fits = [n for n in names if n == wanted or n.startswith(f"{wanted}__") or f"__{wanted}__" in n]
    fits = [n for n in fits if period is None or n.endswith(f"__{period}")]
    if not fits:
        others = sorted(n.rpartition("__")[2] for n in names if n.startswith(f"{wanted}__") or f"__{wanted}__" in n)
        if period is not None and others:  # the network is known: it is the period that is not
            expected = f"one of {', '.join(dict.fromkeys(others))}"
            raise BadInput(Fault(str(run.folder), None, period, expected, "name one of these"))
        given = wanted if period is None else f"{wanted} {period}"
        known = ", ".join(sorted(told) or names)
        raise BadInput(Fault(str(run.folder), None, given, f"one of {known}", "name one of these"))
    keep = set(fits) if period is None and network is not None else {fits[-1]}
    return [space for space in every if space["network"] in keep]


def space_rows(spaces: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Give one row a space: what fits on a line."""
    import pandas as pd

    rows = []
    for space in spaces:
        tiers = space.get("tier_counts", {})
        rows.append(
            {
                "id": space["id"],
                "network": space["network"],
                "name": space["name"],
                "members": " ".join(member["node"] for member in space["members"]),
                "inside": None if space["share_inside"] is None else round(space["share_inside"], 3),
                "stability": space["stability"],
                "regions": " ".join(row["region"] for row in space["regions"]["top"][:5]),
                "tiers": ", ".join(
                    f"{tiers[tier]} {tier}" for tier in (*TIERS, *sorted({*tiers} - {*TIERS})) if tier in tiers
                ),
            }
        )
    columns = ["id", "network", "name", "members", "inside", "stability", "regions", "tiers"]
    return pd.DataFrame(rows, columns=columns)


def as_text(table: pd.DataFrame, terminal: bool = False, width: int | None = None) -> str:
    """Lay a table out for reading.

    Parameters
    ----------
    table
        Any table; control characters in its cells are shown as a space.
    terminal
        Whether headings may be bold.
    width
        Columns of the terminal; what does not fit beside one another stands beneath its row. No limit when
        None.

    Examples
    --------
    >>> import pandas as pd
    >>> print(as_text(pd.DataFrame({"source": ["a"], "rows": [3]})))
    source  rows
    a          3
    >>> print(as_text(pd.DataFrame({"id": ["x"], "name": ["Chemicals and food"]}), width=21))
    id
    x
        name  Chemicals
              and food
    """
    import pandas as pd

    numeric = {str(name) for name in table.columns if pd.api.types.is_numeric_dtype(table[name])}
    return laid_out({str(name): list(table[name]) for name in table.columns}, numeric, terminal, width)


def laid_out(
    columns: Mapping[str, Sequence[object]], numeric: Collection[str], terminal: bool = False, width: int | None = None
) -> str:
    """Lay out for reading what may come without a table: see :func:`as_text`.

    Parameters
    ----------
    columns
        Name → cells, as many in each.
    numeric
        The columns of numbers.
    terminal, width
        As in :func:`as_text`.

    Examples
    --------
    >>> print(laid_out({"source": ["a", "b"], "rows": [3, None]}, {"rows"}))
    source  rows
    a          3
    b
    """
    cells = {name: [_cell(cell) for cell in column] for name, column in columns.items()}
    below = _too_wide(cells, width) if width is not None else []
    lines = _beside({name: column for name, column in cells.items() if name not in below}, numeric, terminal)
    if not below:
        return "\n".join(lines)
    blocks = [lines[0]]
    for line, *row in zip(lines[1:], *(cells[name] for name in below), strict=True):
        blocks.append("\n".join([line, *_beneath(dict(zip(below, row, strict=True)), int(width or 0))]))
    return "\n\n".join(blocks).replace("\n\n", "\n", 1)


def _widths(cells: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {name: max([cell_len(name), *(cell_len(cell) for cell in column)]) for name, column in cells.items()}


def _too_wide(cells: Mapping[str, Sequence[str]], width: int) -> list[str]:
    """List the widest columns, as many as must go for the rest to fit; the first column stays."""
    widths = _widths(cells)
    gone: set[str] = set()
    for name in sorted(list(widths)[1:], key=lambda name: -widths[name]):
        kept = [widths[one] for one in widths if one not in gone]
        if sum(kept) + 2 * (len(kept) - 1) <= width:
            break
        gone.add(name)
    return [name for name in widths if name in gone]


def _beside(cells: Mapping[str, Sequence[str]], numeric: Collection[str], terminal: bool) -> list[str]:
    """Give a line for the headings and a line a row."""
    widths = _widths(cells)
    # A table of rich measures each cell many times over: ten seconds for ten thousand rows.
    columns = [_filled([name, *column], widths[name], name in numeric) for name, column in cells.items()]
    head, *rows = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]
    console = Console(
        width=max(1, cell_len(head)),
        force_terminal=terminal,
        color_system="auto" if terminal else None,
        emoji=False,
        force_jupyter=False,
    )
    with console.capture() as captured:
        console.print(Text(head, style="bold"), end="")
    return [captured.get(), *rows]


def _filled(cells: Sequence[str], width: int, right: bool) -> list[str]:
    """Fill cells up to a width, in columns of the terminal."""
    blanks = [" " * (width - cell_len(cell)) for cell in cells]
    return [blank + cell if right else cell + blank for blank, cell in zip(blanks, cells, strict=True)]


def _beneath(row: Mapping[str, str], width: int) -> list[str]:
    """Give the lines that stand beneath a row: name and content, wrapped."""
    longest = max(len(name) for name in row)
    lines = []
    for name, cell in row.items():
        start = f"    {name:{longest}}  "
        later = " " * len(start)
        lines += wrap(cell, max(width, len(start) + 8), initial_indent=start, subsequent_indent=later)
    return lines


def _cell(cell: object) -> str:
    nothing = type(cell).__name__ == "NAType"  # as pandas calls it, which need not be here
    if cell is None or nothing or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float):
        large = abs(cell) >= 1000
        return f"{cell:,.0f}" if cell.is_integer() else f"{cell:,.1f}" if large else f"{cell:.6g}"
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in str(cell))


def shortened(text: str, most: int = 5) -> str:
    """Shorten a list: its first entries, and how many more there are.

    Examples
    --------
    >>> shortened("a; b; c; d", 2)
    'a; b; and 2 more'
    """
    entries = text.split("; ")
    return "; ".join([*entries[:most], f"and {len(entries) - most} more"] if len(entries) > most else entries)


def save_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, Parquet or xlsx, by the ending of its name.

    Raises
    ------
    BadInput
        For any other ending, and where the file cannot be written; an earlier file then stays as it was.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet", ".xlsx"):
        raise BadInput(Fault(str(path), None, ending, ".csv, .parquet or .xlsx", "name the file so"))
    try:
        with tempfile.TemporaryDirectory(prefix=".linkages-", dir=path.resolve().parent) as folder:
            fresh = Path(folder) / path.name
            _save(table, fresh, ending)
            os.replace(fresh, path)  # noqa: PTH105 - a rename, said as such
    except OSError as error:
        expected = "a file in a folder to write in"
        raise BadInput(Fault(str(path), None, error.strerror or "", expected, "name another with --out")) from None
    return path


def _save(table: pd.DataFrame, path: Path, ending: str) -> None:
    import pandas as pd

    if ending == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    elif ending == ".parquet":
        table.to_parquet(path, index=False)
    else:
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            table.to_excel(writer, sheet_name="table", index=False)

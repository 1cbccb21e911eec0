"""A file of regional figures as a table of text cells, whatever it is packed in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ingest import decode, workbook
from ingest.faults import BadInput, Fault
from observatory.stars.layouts.rows import every_row, framed, text_rows

DELIMITERS = "\t,;|"
#: So many lines are looked at for the headings.
HEAD = 60


@dataclass(frozen=True)
class Opened:
    """One table: a text, or a sheet of a workbook.

    Attributes
    ----------
    file
        What a person calls it.
    path
        The file on disk.
    head
        Its first lines as rows of cells, blank ones too.
    delimiter
        The sign between cells; blank for a sheet or a Parquet file.
    """

    file: str
    path: Path
    head: Sequence[Sequence[str]]
    delimiter: str = ""
    piece: decode.Piece | None = None
    encoding: str = ""
    sheet: Sequence[Sequence[str]] | None = None
    parquet: bool = False

    @cached_property
    def heading_line(self) -> int:
        """The line of the first row that holds anything."""
        return next((at for at, row in enumerate(self.head, start=1) if any(row)), 1)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The cells of the first row that holds anything."""
        row = self.head[self.heading_line - 1] if self.head else ()
        return tuple(cell.strip() for cell in row)

    def frame(self, line: int | None = None) -> pd.DataFrame:
        """Return the rows below the heading as text, with the heading's cells as columns and ``_line``.

        Parameters
        ----------
        line
            Where the heading stands; by default the first row that holds anything.

        Raises
        ------
        BadInput
            Rows with more cells than the heading, all of them; a heading twice; no row at all.
        """
        at = line or self.heading_line
        headings = [cell.strip() for cell in self.head[at - 1]]
        while headings and not headings[-1]:
            headings.pop()
        twice = sorted({head for head in headings if head and headings.count(head) > 1})
        if twice:
            mend = "rename or remove one of the columns"
            raise BadInput(Fault(self.file, at, head, "each heading once", mend) for head in twice)
        names = [head or f"_{number}" for number, head in enumerate(headings)]
        table = self._rows(at, names)
        if table.empty:
            raise BadInput(Fault(self.file, at, "", "rows of figures below the headings", "download it again"))
        return table

    def text(self, line: int | None = None) -> pd.DataFrame:
        """Return the rows as :meth:`frame` does, every cell as text; 2014.0 is 2014, and nothing is blank."""
        table = self.frame(line)
        for name in table.columns:
            if name != "_line" and not pd.api.types.is_string_dtype(table[name]):
                cells = table[name].astype("object").where(table[name].notna(), "").astype("str")
                table[name] = cells.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)
        return table

    def every(self) -> Sequence[Sequence[str]]:
        """Return all rows, blank ones too, from the first line on."""
        if self.sheet is not None or self.piece is None:
            return self.sheet or self.head
        return [row for _, row in every_row(self.piece, self.encoding, self.delimiter)]

    def _rows(self, at: int, names: list[str]) -> pd.DataFrame:
        if self.parquet:
            table = pd.read_parquet(self.path).set_axis(names, axis=1)
            return table.assign(_line=range(1, len(table) + 1))
        if self.sheet is not None:
            rows = [(at + number, row) for number, row in enumerate(self.sheet[at:], start=1)]
            return framed(rows, names, self.file)
        assert self.piece is not None  # noqa: S101 - a text is made with its piece only
        return text_rows(self.piece, self.encoding, self.delimiter, at, names)


def opened(paths: Iterable[Path], root: Path | None = None) -> tuple[list[Opened], list[Fault]]:
    """Open files of regional figures: text, .gz, .zip, Parquet, or every sheet of a workbook.

    Parameters
    ----------
    paths
        The files.
    root
        The folder that their names are given from.

    Returns
    -------
    tuple
        The tables in the order of their names, and what is wrong with files that cannot be opened.

    Examples
    --------
    >>> tables, faults = opened([Path("no such file.csv")])
    >>> tables, faults[0].expected
    ([], 'a file')
    """
    parquet = [path for path in paths if path.suffix == ".parquet" and path.is_file()]
    pieces, faults = decode.pieces([path for path in paths if path not in parquet], root)
    faults = [_without_source(fault) for fault in faults]
    tables: list[Opened] = []
    for take, one in [*((_parquet, path) for path in parquet), *((_tables, piece) for piece in pieces)]:
        try:
            tables += take(one)  # type: ignore[operator]
        except BadInput as error:
            faults += [_without_source(fault) for fault in error.faults]
    return sorted(tables, key=lambda table: table.file), faults


def _without_source(fault: Fault) -> Fault:
    """Star tables are named on the command line or in [stars], not among the sources."""
    mend = "save the file as UTF-8" if "encoding" in fault.mend else fault.mend
    mend = "check its name and folder" if "`files`" in mend else mend
    return Fault(fault.file, fault.line, fault.value, fault.expected, mend)


def _parquet(path: Path) -> list[Opened]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
    except (OSError, pa.ArrowException) as error:
        raise BadInput(Fault(path.name, None, str(error)[:200], "a Parquet file", "save the table again")) from None
    return [Opened(path.name, path, [[str(name) for name in names]], parquet=True)]


def _tables(piece: decode.Piece) -> list[Opened]:
    if piece.workbook:
        return _sheets(piece)
    encoding = decode.encoding_of(piece)
    text = decode.head(piece, encoding)
    delimiter = _delimiter(text)
    lines = io.StringIO(text, newline="")
    head = [row for _, row in zip(range(HEAD), csv.reader(lines, delimiter=delimiter), strict=False)]
    return [Opened(piece.file, piece.path, head, delimiter, piece, encoding)]


def _sheets(piece: decode.Piece) -> list[Opened]:
    found = [(name, rows) for name, rows in workbook.sheets(piece) if any(any(row) for row in rows)]
    if not found:
        raise BadInput(Fault(piece.file, None, "", "a sheet with headings and rows", "export it again"))
    alone = len(found) == 1
    return [
        Opened(piece.file if alone else f"{piece.file} [{name}]", piece.path, rows[:HEAD], sheet=rows)
        for name, rows in found
    ]


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into most cells; a tab before all others, as a TSV's first cell has commas."""
    lines = [line for line in text.splitlines()[:HEAD] if line.strip()]
    if not lines:
        return ","
    if any("\t" in line for line in lines[:3]):
        return "\t"
    return max(DELIMITERS[1:], key=lambda sign: (lines[0].count(sign), sum(line.count(sign) for line in lines)))

"""A vendor's file becomes a table of text cells with its file and line beside them.

Whatever the encoding, delimiter, headings or workbook format. Lines that cannot be read as rows of the table
are set aside and counted; a file that cannot be used is refused with all its faults.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest import decode, workbook
from ingest.cells import (
    Cells,
    cells_of_rows,
    cells_of_text,
    spoilt,
    tidy,
    without_blank,
    without_endless,
    without_undecodable,
)
from ingest.columns import Layout, match, positions
from ingest.digest import Digest
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.folded import Folding
from ingest.headings import MOST, Heading, Row, find, find_in_text
from ingest.mended import Unreadable
from ingest.records import SOURCE_SCHEMA, typed
from ingest.repeated_headings import without_headings
from ingest.slices import NotDigitsError, Sink, ahead
from ingest.staged import Staged

if TYPE_CHECKING:
    import pyarrow as pa

_NONE: Mapping[str, str] = MappingProxyType({})
#: Filled cells of the widest row of a sheet that holds notes and no table.
NOTE = 2


@dataclass(frozen=True)
class Table:
    """A table whose headings are known: where it lies, its rows where it is a sheet, what streams them elsewhere.

    A sheet that is `unread` stands beside another that is read: its rows are set aside.
    """

    piece: decode.Piece
    file: str
    heading: Heading
    layout: Layout
    encoding: str = ""
    sheet: Sequence[tuple[str, ...]] = ()
    stream: Callable[[], Iterator[Cells]] | None = None
    unread: bool = False

    def cells(self, unreadable: list[Unreadable]) -> Iterator[Cells]:
        """Read the table in slices."""
        if self.stream is not None:
            return self.stream()
        if self.unread:
            unreadable += [
                Unreadable(line, " ".join(row), "sheet not read", value=next(filter(str.strip, row)))
                for line, row in enumerate(self.sheet, start=1)
                if any(map(str.strip, row))
            ]
            return iter(())
        if self.piece.workbook:
            return cells_of_rows(self.sheet, self.heading)
        return cells_of_text(self.piece, self.encoding, self.heading, self.layout.quoted, unreadable)


def stage(
    engine: Engine,
    paths: Iterable[Path],
    layout: Layout,
    *,
    columns: Mapping[str, str] = _NONE,
    encoding: str | None = None,
    delimiter: str | None = None,
    root: Path | None = None,
) -> Staged:
    r"""Open files of one layout and put their cells into one table of the engine.

    Parameters
    ----------
    engine
        Where the table is put.
    paths
        Text files, workbooks, .gz, and .zip of which every member that is a table is read.
    layout, columns
        The headings to look for, and the user's own (our column → heading).
    encoding, delimiter
        What the user has set; found out when None.
    root
        The folder that file names are given from.

    Raises
    ------
    BadInput
        Every fault of every file: missing, empty, no data row, broken, undecodable, missing columns, wrong
        delimiter.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> engine, layout = DuckDB(), Layout("deals", {"event": ("Deal Number",), "city": ("Target City",)})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "deals.csv"
    ...     _ = file.write_text("Target City;Deal Number\nUlm;1\n-;2\n")
    ...     staged = stage(engine, [file], layout, root=Path(folder))
    >>> staged.frame.sort("line").collect("pyarrow").rows()
    [('deals.csv', 2, '1', 'Ulm'), ('deals.csv', 3, '2', None)]
    """
    tables = tables_in(paths, layout, columns=columns, encoding=encoding, delimiter=delimiter, root=root)
    return stage_tables(engine, tables, layout, columns=columns)


def tables_in(
    paths: Iterable[Path],
    layout: Layout,
    *,
    columns: Mapping[str, str] = _NONE,
    encoding: str | None = None,
    delimiter: str | None = None,
    root: Path | None = None,
) -> list[Table]:
    """Open files and find the headings of each table; refuse them all together where any is at fault."""
    pieces, faults = decode.pieces(paths, root)
    if not pieces and not faults:
        faults.append(Fault(layout.name, None, "", "a file", "correct `files` of the source in study.toml"))
    tables: list[Table] = []
    for piece in pieces:
        try:
            tables += open_piece(piece, layout, columns=columns, encoding=encoding, delimiter=delimiter)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput([*faults, *faults_below(tables)])
    return tables


def faults_below(tables: Iterable[Table]) -> list[Fault]:
    """List what is wrong below the headings, so that it is told together with faults of other files."""
    faults: list[Fault] = []
    for table in tables:
        unreadable: list[Unreadable] = []
        try:
            rows = sum(without_blank(cells).batch.num_rows for cells in table.cells(unreadable))
        except BadInput as error:
            faults += error.faults
            continue
        if not rows + len(unreadable):
            faults.append(_no_rows(table))
    return faults


def open_piece(
    piece: decode.Piece,
    layout: Layout,
    *,
    columns: Mapping[str, str] = _NONE,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> list[Table]:
    """Find the headings of one table, or of each sheet of a workbook that has them."""
    if piece.workbook:
        return _sheets(piece, layout, columns)
    encoding = decode.encoding_of(piece, encoding)
    text = decode.head(piece, encoding)
    heading = find_in_text(text, layout, columns, delimiter=delimiter, file=piece.file)
    if len(heading.headings) > MOST:
        wide = f"{heading.headings[0][:40]}{heading.delimiter}…"
        mend = "export again what the study needs, or set delimiter"
        raise BadInput(Fault(piece.file, heading.line, wide, f"at most {MOST:,} columns", mend))
    match(heading.headings, layout, columns, file=piece.file, line=heading.line)
    return [Table(piece, piece.file, heading, layout, encoding)]


def _sheets(piece: decode.Piece, layout: Layout, columns: Mapping[str, str]) -> list[Table]:
    """Take the sheets that have the headings; when none has, say what the best one lacks.

    Another sheet that is meant to be one of them is refused; the rows of any other table are set aside, and notes,
    which are at most two cells wide, are passed over as the lines above headings are.
    """
    found = [_sheet(piece, name, cells, layout, columns) for name, cells in workbook.sheets(piece)]
    if not found:
        raise BadInput(Fault(piece.file, None, "", "a sheet with headings and rows", "export it again"))
    if len(found) == 1:
        found = [replace(found[0], file=piece.file)]
    lacks = [_lacking(table, layout, columns) for table in found]
    fit = [table for table, faults in zip(found, lacks, strict=True) if not faults]
    if not fit:
        raise BadInput(
            max(zip(found, lacks, strict=True), key=lambda one: (one[0].heading.known, len(one[0].sheet)))[1]
        )
    best = max(fit, key=lambda table: table.heading.known)
    others = [(table, faults) for table, faults in zip(found, lacks, strict=True) if faults and _width(table) > NOTE]
    if meant := [fault for table, faults in others for fault in _meant(table, best, faults)]:
        raise BadInput(meant)
    used = fit if len(fit) > 1 else [replace(fit[0], file=piece.file)]
    return [*used, *(replace(table, heading=Heading((), 0, 1, "", 0), unread=True) for table, _ in others)]


def _lacking(table: Table, layout: Layout, columns: Mapping[str, str]) -> list[Fault]:
    """Say what a sheet lacks to be one of the layout's tables."""
    try:
        match(table.heading.headings, layout, columns, file=table.file, line=table.heading.line)
    except BadInput as error:
        return list(error.faults)
    nothing = Fault(table.file, None, "", "a sheet with headings and rows", "export it again")
    return [] if table.heading.known else [nothing]


def _meant(table: Table, best: Table, faults: list[Fault]) -> list[Fault]:
    """Tell a sheet that goes on with another's table: by half of its headings, or as wide as it without any."""
    known = table.heading.known
    if known >= max(2, best.heading.known / 2):
        return faults
    if known or _width(table) != len(best.heading.headings):
        return []
    mend = f"put the headings of {best.file} above its rows, or take the sheet out"
    return [Fault(table.file, 1, table.sheet[0][0], f"headings; it is as wide as {best.file}", mend)]


def _width(table: Table) -> int:
    """Count the filled cells of a sheet's widest row."""
    return max((sum(bool(cell.strip()) for cell in row) for row in table.sheet), default=0)


def _sheet(
    piece: decode.Piece, name: str, cells: list[tuple[str, ...]], layout: Layout, columns: Mapping[str, str]
) -> Table:
    """Find the headings of one sheet."""
    rows = [Row(row, number, number + 1) for number, row in enumerate(cells[:60], start=1)]
    return Table(piece, f"{piece.file} [{name}]", find(rows, layout, columns), layout, sheet=cells)


def stage_tables(
    engine: Engine,
    tables: Sequence[Table],
    layout: Layout,
    *,
    columns: Mapping[str, str] = _NONE,
    ids: Collection[str] = (),
) -> Staged:
    """Put opened tables of one layout into one table of the engine; see :func:`stage`.

    Parameters
    ----------
    ids
        Columns that become numbers (:mod:`ingest.ids`) where all of their cells are digits; where one is not,
        all of these columns stay text.
    """
    ours = list(dict.fromkeys([*layout.spellings, *columns]))
    faults: list[Fault] = []
    inputs: list[tuple[str, int, str]] = []
    set_aside: list[tuple[str, Unreadable]] = []
    with Sink(_new_file(engine), ["file", "line", *ours], {"line"}) as sink:
        for table in tables:
            try:
                digest, unreadable = _write(table, ours, columns, sink, ids)
            except BadInput as error:
                faults += error.faults
                continue
            except NotDigitsError:
                return stage_tables(engine, tables, layout, columns=columns)
            if not digest.rows:
                faults.append(_no_rows(table))
            inputs.append((table.file, digest.rows, digest.sha256()))
            set_aside += [(table.file, one) for one in unreadable]
    if faults:
        raise BadInput(faults)
    return Staged(
        engine.scan(sink.target),
        _rows(engine, set_aside),
        _rejects(engine, set_aside),
        pd.DataFrame(inputs, columns=["path", "rows", "sha256"]),
        sink.lengths,
        frozenset({"file", "line", *ours} - sink.blank),
        sink.texts,
    )


def _new_file(engine: Engine) -> Path:
    """Name a new file in the engine's folder."""
    with tempfile.NamedTemporaryFile(dir=engine.workspace, suffix=".parquet", delete=False) as file:
        return Path(file.name)


def _write(
    table: Table, ours: Sequence[str], columns: Mapping[str, str], sink: Sink, ids: Collection[str]
) -> tuple[Digest, list[Unreadable]]:
    """Write the rows of one table, and return their digest and the lines that are no rows."""
    places = positions(table.heading.headings, table.layout, columns)
    digest, folding = Digest(table.heading.headings), Folding()
    unreadable: list[Unreadable] = []
    cut: list[Unreadable] = []

    def arranged(cells: Cells) -> pa.RecordBatch:
        filled = without_blank(Cells(folding.folded(cells.batch), cells.lines))
        digest.add(filled)
        rows = without_headings(filled, table.heading, unreadable)
        readable = without_endless(without_undecodable(rows, unreadable), set(places.values()), unreadable)
        return _columns(table, readable, ours, places, unreadable, sink, ids)

    for batch in ahead(table.cells(cut), arranged):
        sink.write(batch)
    for line in cut:
        digest.add_text(line.text)
    return digest, cut + unreadable


def _columns(
    table: Table,
    cells: Cells,
    ours: Sequence[str],
    places: Mapping[str, int],
    unreadable: list[Unreadable],
    sink: Sink,
    ids: Collection[str],
) -> pa.RecordBatch:
    """Arrange a slice in our columns."""
    import pyarrow as pa

    size = cells.batch.num_rows
    found = {
        column: spoilt(column, tidy(cells.batch.column(place), table.layout.quoted), cells, unreadable)
        for column, place in places.items()
    }
    found |= {column: sink.numbered(column, found[column]) for column in ids if column in found}
    absent = pa.nulls(size, pa.string())
    file = pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([table.file]))
    arrays = [file, pa.array(cells.lines, pa.int64()), *(found.get(column, absent) for column in ours)]
    return pa.RecordBatch.from_arrays(arrays, ["file", "line", *ours])


def _no_rows(table: Table) -> Fault:
    """Say that a file has headings and nothing below."""
    return Fault(table.file, table.heading.end, "", "rows of data below the headings", "export it again")


def _key(text: str) -> str:
    """Know an unreadable line by its own beginning, wherever it stands."""
    return " ".join(text.split())[:80]


def _rows(engine: Engine, set_aside: Sequence[tuple[str, Unreadable]]) -> nw.LazyFrame[Any]:
    """List the lines that are no rows."""
    schema = SOURCE_SCHEMA["rows"]
    lines = [(file, one.line, _key(one.text), None, one.reason) for file, one in set_aside if not one.column]
    return typed(engine.table(pd.DataFrame(lines, columns=list(schema), dtype=object)), schema)


def _rejects(engine: Engine, set_aside: Sequence[tuple[str, Unreadable]]) -> nw.LazyFrame[Any]:
    """List what stood in the lines that are no rows, and in spoilt cells."""
    schema = SOURCE_SCHEMA["rejects"]
    cells = [(file, one.line, _key(one.text), one.column, one.value, one.reason) for file, one in set_aside]
    return typed(engine.table(pd.DataFrame(cells, columns=list(schema), dtype=object)), schema)

"""Which table of a vendor's set a file holds: told by its headings, and by its name where they fit several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ingest import decode
from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import Table, faults_below, open_piece, stage_tables
from ingest.staged import Staged


def sort_out(
    paths: Iterable[Path],
    layouts: Mapping[str, Layout],
    *,
    columns: Mapping[str, str],
    encoding: str | None = None,
    delimiter: str | None = None,
    root: Path | None = None,
) -> dict[str, list[Table]]:
    """Open files and sort them by the table that they hold.

    A file is of the layout whose required columns it has; where several fit, of the one whose name its own
    name holds, else of the one that knows most of its headings.

    Parameters
    ----------
    layouts
        Name of the table, in small letters as file names hold it → its layout.
    columns
        The user's map; each layout takes the columns that it knows.

    Raises
    ------
    BadInput
        Every file that cannot be opened or holds none of the tables.
    """
    pieces, faults = decode.pieces(paths, root)
    if not pieces and not faults:
        faults.append(Fault("study.toml", None, "files", "a file", "correct `files` of the source in study.toml"))
    sorted_out: dict[str, list[Table]] = {name: [] for name in layouts}
    for piece in pieces:
        try:
            name, tables = _told(piece, layouts, columns, encoding, delimiter)
            sorted_out[name] += tables
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput([*faults, *faults_below(table for tables in sorted_out.values() for table in tables)])
    return sorted_out


def stage_each(
    engine: Engine,
    groups: Mapping[str, tuple[str, Sequence[Table]]],
    layouts: Mapping[str, Layout],
    columns: Mapping[str, str],
    ids: Collection[str] = (),
) -> dict[str, Staged]:
    """Put the parts of each table together.

    Parameters
    ----------
    groups
        A name → the layout's name and the tables to be put together; groups without a table are left out.
    ids
        Columns that become numbers where all their cells are digits; see :func:`ingest.files.stage_tables`.

    Raises
    ------
    BadInput
        Every fault of every table.
    """
    staged: dict[str, Staged] = {}
    faults: list[Fault] = []
    for group, (name, tables) in groups.items():
        own = own_columns(columns, layouts[name])
        try:
            if tables:
                staged[group] = stage_tables(engine, tables, layouts[name], columns=own, ids=ids)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return staged


def _told(
    piece: decode.Piece,
    layouts: Mapping[str, Layout],
    columns: Mapping[str, str],
    encoding: str | None,
    delimiter: str | None,
) -> tuple[str, list[Table]]:
    """Tell which table a file holds."""
    named = [name for name in layouts if name in piece.file.rsplit("/", 1)[-1].lower()]
    fits: dict[str, list[Table]] = {}
    faults: dict[str, list[Fault]] = {}
    for name in named or layouts:
        try:
            own = own_columns(columns, layouts[name])
            fits[name] = open_piece(piece, layouts[name], columns=own, encoding=encoding, delimiter=delimiter)
        except BadInput as error:
            faults[name] = list(error.faults)
    if fits:
        best = max(fits, key=lambda name: (fits[name][0].heading.known, name in named))
        return best, fits[best]
    # The table that lacks least is the one that was meant.
    raise BadInput(min(faults.values(), key=len))


def own_columns(columns: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """Return the part of the user's map that is of one layout."""
    return {ours: theirs for ours, theirs in columns.items() if ours in layout.spellings}

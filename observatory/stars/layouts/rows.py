"""Rows of a text with the line that each stands on: quickly where it is well-formed, else row by row."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Sequence

import pandas as pd

from ingest import decode
from ingest.faults import BadInput, Fault


def text_rows(piece: decode.Piece, encoding: str, delimiter: str, at: int, names: list[str]) -> pd.DataFrame:
    """Read the rows below the heading.

    Parameters
    ----------
    piece, encoding, delimiter
        The text.
    at
        The line of the heading, from 1.
    names
        What the columns are called.

    Returns
    -------
    pandas.DataFrame
        The columns as text and ``_line``; blank rows are left out.

    Raises
    ------
    BadInput
        Rows with more cells than the heading, and cells that are no text in the file's encoding; all of them.
    """
    try:
        table = _quickly(piece, encoding, delimiter, at, names)
    except (pd.errors.ParserError, pd.errors.ParserWarning, _UnevenError):
        rows = every_row(piece, encoding, delimiter)
        table = framed([(line, row) for line, row in rows if line > at], names, piece.file)
    if encoding != "utf-8":
        _refuse_marks(table, names, piece.file)
    return table


class _UnevenError(Exception):
    """A text that the quick reader does not understand line by line."""


def _quickly(piece: decode.Piece, encoding: str, delimiter: str, at: int, names: list[str]) -> pd.DataFrame:
    """Read a well-formed text; lines are counted, so that no cell may hold a line break."""
    with decode.as_utf8(piece, encoding) as stream, warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        table = pd.read_csv(
            stream,
            sep=delimiter,
            header=None,
            names=[*names, "_over"],
            index_col=False,
            skiprows=at,
            skip_blank_lines=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            encoding_errors="replace",
        )
    over = table.pop("_over").fillna("").astype("str").str.strip()
    table = table.fillna("").astype("str")
    if (over != "").any() or any(table[name].str.contains("\n", regex=False).any() for name in names):
        raise _UnevenError
    table["_line"] = range(at + 1, at + 1 + len(table))
    return table[~_blank(table, names)].reset_index(drop=True)


def _blank(table: pd.DataFrame, names: list[str]) -> pd.Series:
    """Say which rows hold nothing; most are told by their first cell."""
    blank = table[names[0]].str.strip() == ""
    for at in blank.index[blank]:
        blank[at] = not any(str(cell).strip() for cell in table.loc[at, names])
    return blank


def every_row(piece: decode.Piece, encoding: str, delimiter: str) -> list[tuple[int, Sequence[str]]]:
    """Read all rows, blank ones too, each with the line on which it begins."""
    with decode.as_utf8(piece, encoding) as stream:
        text = io.TextIOWrapper(stream, "utf-8", errors="replace", newline="")
        reader = csv.reader(text, delimiter=delimiter)
        rows: list[tuple[int, Sequence[str]]] = []
        before = 0
        for row in reader:
            rows.append((before + 1, row))
            before = reader.line_num
    return rows


def framed(rows: Iterable[tuple[int, Sequence[str]]], names: list[str], file: str) -> pd.DataFrame:
    """Arrange rows under headings; rows that are too wide are faults, blank ones are left out.

    Examples
    --------
    >>> framed([(2, ["DE21", "4"]), (3, ["", ""]), (4, ["DE22"])], ["region", "firms"], "a.csv").values.tolist()
    [['DE21', '4', 2], ['DE22', '', 4]]
    """
    width = len(names)
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    faults = [
        Fault(file, line, row[width], f"{width} cells, as in the heading", "remove or quote what is over")
        for line, row in filled
        if any(cell.strip() for cell in row[width:])
    ]
    if faults:
        raise BadInput(faults)
    body = [[*row[:width], *[""] * (width - len(row))] for _, row in filled]
    table = pd.DataFrame(body, columns=names, dtype="str")
    return table.assign(_line=[line for line, _ in filled])


def _refuse_marks(table: pd.DataFrame, names: list[str], file: str) -> None:
    """Refuse cells of which a byte could not be decoded."""
    faults = [
        Fault(file, int(line), cell.replace(decode.MARK, "?"), "text in the file's encoding", "save the file as UTF-8")
        for name in names
        for cell, line in table.loc[table[name].str.contains(decode.MARK, regex=False), [name, "_line"]].itertuples(
            index=False
        )
    ]
    if faults:
        raise BadInput(sorted(faults))

"""What the command line prints: data on stdout as a table, JSON or CSV, talk on stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from observatory.talk import Talk

#: The one voice on stderr of this process.
talk = Talk()


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class UnprintedError(Exception):
    """What a command made is there, but its words could not be printed; says why."""


def out(text: str = "") -> None:
    """Print a text as it stands, and what was printed before.

    Raises
    ------
    UnprintedError
        When it cannot be: a full disk, for one.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnprintedError(error.strerror or str(error)) from error


def write(text: str) -> None:
    """Print a text and end its line."""
    out(text + "\n")


def write_json(data: Any) -> None:
    """Print data as JSON, its keys in order."""
    import json

    from observatory.store import plain

    write(json.dumps(plain(data), ensure_ascii=False, indent=1, sort_keys=True))


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], numeric: Collection[str], form: Format) -> None:
    """Print rows that come without a table, as :func:`show` would print it."""
    import csv
    import io

    from observatory.listing import laid_out

    talk.clear()
    if form is Format.json:
        write_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif form is Format.csv:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([columns, *rows])
        out(text.getvalue())
    else:
        cells = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
        terminal = sys.stdout.isatty()
        write(laid_out(cells, numeric, terminal, shutil.get_terminal_size().columns if terminal else None))


def show(table: Any, form: Format) -> None:
    """Print a table; on a terminal no wider than that."""
    from observatory.listing import as_text

    talk.clear()
    if form is Format.json:
        write_json(table.astype(object).where(table.notna(), None).to_dict("records"))
    elif form is Format.csv:
        out(table.to_csv(index=False, lineterminator="\n"))
    else:
        terminal = sys.stdout.isatty()
        write(as_text(table, terminal, shutil.get_terminal_size().columns if terminal else None))

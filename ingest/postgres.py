"""Tables of a PostgreSQL database, read as a vendor's files are: found by their names, streamed as Arrow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from ingest import decode
from ingest.cells import Cells
from ingest.columns import Layout, fold, match, positions
from ingest.faults import BadInput, Fault, MissingExtraError
from ingest.files import Table
from ingest.headings import Heading
from ingest.tableset import own_columns

INSTALL = "pip install 'linkages[postgres]'"
SCHEMES = ("postgresql", "postgres")
#: Keys of an address that are a secret, and those that say who asks.
_SECRET = ("password", "sslpassword", "passfile")
_COLUMNS = """
SELECT table_name::text, column_name::text FROM information_schema.columns
WHERE table_schema = ANY (current_schemas(false)) ORDER BY table_name, ordinal_position
"""


def shown(address: str) -> str:
    """Write the address of a database without who asks and with which password.

    Examples
    --------
    >>> shown("postgresql://ana@db.example:5433/patstat?sslmode=require")
    'postgresql://db.example:5433/patstat'
    >>> shown("postgresql:///patstat?host=/run/postgresql&user=ana")
    'postgresql:///patstat'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def check_address(address: str) -> None:
    """Refuse what is no address of a PostgreSQL database, and one with a password in it.

    Raises
    ------
    BadInput
        The password is not repeated in the message.

    Examples
    --------
    >>> check_address("postgresql://ana:secret@db.example/patstat")
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: study.toml: 'postgresql://db.example/patstat'; expected an address without a password. \
To mend: remove it, and put it in the environment variable PGPASSWORD or in ~/.pgpass
    """
    try:
        parts = urlsplit(address)
        secret = parts.password is not None or any(key in _SECRET for key, _ in parse_qsl(parts.query))
    except ValueError:
        parts, secret = urlsplit(""), False
    if parts.scheme not in SCHEMES:
        expected = "an address such as postgresql://user@host:5432/patstat"
        # What is no address may still hold a password.
        given = address.rpartition("@")[2]
        raise BadInput(Fault("study.toml", None, given, expected, "correct database"))
    if secret:
        mend = "remove it, and put it in the environment variable PGPASSWORD or in ~/.pgpass"
        raise BadInput(Fault("study.toml", None, shown(address), "an address without a password", mend))


def sort_out(address: str, layouts: Mapping[str, Layout], columns: Mapping[str, str]) -> dict[str, list[Table]]:
    """Find the tables and views of a database's search path that hold what is looked for; nothing is read yet.

    A table called as the layout is (`PATSTAT tls201_appln`) is taken; else all whose names hold the layout's own
    (`tls201_part1`, `tls201_part2`). Names and headings are matched in any case.

    Parameters
    ----------
    address
        As libpq takes it, for example ``postgresql://user@host:5432/patstat``. The password comes from the
        environment variable PGPASSWORD or from ~/.pgpass, and other settings from libpq's own variables.
    layouts
        Name of the table, in small letters → its layout.
    columns
        The user's map; each layout takes the columns that it knows.

    Raises
    ------
    MissingExtraError
        When the driver is not installed.
    BadInput
        The address is wrong, nothing answers there, or a table lacks columns: every fault at once.
    """
    check_address(address)
    with _cursor(address) as cursor:
        cursor.execute(_COLUMNS)
        listed = cursor.fetchall()
    headings: dict[str, list[str]] = {}
    for table, column in listed:
        headings.setdefault(str(table), []).append(str(column))
    found: dict[str, list[Table]] = {}
    faults: list[Fault] = []
    for name, layout in layouts.items():
        found[name] = []
        for table in _named(name, layout, list(headings)):
            try:
                found[name].append(_table(address, table, headings[table], layout, own_columns(columns, layout)))
            except BadInput as error:
                faults += error.faults
    if faults:
        raise BadInput(faults)
    return found


def _named(name: str, layout: Layout, tables: Sequence[str]) -> list[str]:
    """List the tables that a layout means."""
    own = layout.name.rpartition(" ")[2].lower()
    return [one for one in tables if one.lower() == own] or [one for one in tables if name in one.lower()]


def _table(address: str, table: str, headings: Sequence[str], layout: Layout, columns: Mapping[str, str]) -> Table:
    """Describe a table: only the columns that are asked for will be read."""
    file = f"{shown(address)}/{table}"
    match(headings, layout, columns, file=file)
    places = sorted(set(positions(headings, layout, columns).values()))
    wanted = [headings[place] for place in places]
    heading = Heading(tuple(wanted), 1, 1, "", len({fold(one) for one in wanted}))
    stream = partial(_cells, address, table, wanted)
    return Table(decode.Piece(file, Path(table)), file, heading, layout, stream=stream)


def _cells(address: str, table: str, wanted: Sequence[str]) -> Iterator[Cells]:
    """Stream a table, every cell as PostgreSQL writes it; rows are numbered as they come."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = ", ".join(f"{_quoted(column)}::text" for column in wanted)
    names = [f"c{place}" for place in range(len(wanted))]
    line = 1
    with _cursor(address) as cursor:
        cursor.execute(f"SELECT {texts} FROM {_quoted(table)}")
        for batch in cursor.fetch_record_batch():
            columns = [pc.fill_null(column.cast(pa.string()), "") for column in batch.columns]
            lines = np.arange(line, line + batch.num_rows)
            line += batch.num_rows
            yield Cells(pa.RecordBatch.from_arrays(columns, names), lines)


def _quoted(name: str) -> str:
    """Write a name as SQL does."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@contextmanager
def _cursor(address: str) -> Iterator[Any]:
    """Ask a database, and say what it says where it does not answer."""
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise MissingExtraError(f"database = {shown(address)!r} needs the extra `postgres`: {INSTALL}") from None
    try:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(1 << 24)})
            yield cursor
    except dbapi.Error as error:
        expected = f"a PostgreSQL that answers ({_said(error)})"
        mend = "correct database, or start the server; the password is taken from PGPASSWORD or ~/.pgpass"
        raise BadInput(Fault("study.toml", None, shown(address), expected, mend)) from None


def _said(error: Exception) -> str:
    """Give the last line of what libpq or the server said, without the driver's own words."""
    text = re.sub(r"\s*SQLSTATE: \S+", "", str(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__

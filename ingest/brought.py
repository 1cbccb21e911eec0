"""The tables that PATSTAT brings with it: fields and industries of IPC symbols, which come before our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import patents, symbols, values
from ingest.engine import Engine, collect
from ingest.records import SOURCE_SCHEMA, typed

Frame = nw.LazyFrame[Any]
#: Schemes whose symbols these tables speak of.
SCHEMES = ("ipc", "cpc")
#: Why a row of such a table is set aside.
REASON = "no link between known codes"


@dataclass(frozen=True)
class Link:
    """One such table: the argument of ``to_naics`` that takes it, its columns and how their cells are read."""

    argument: str
    ipc: str
    code: str
    read_code: Callable[[str], str | None]
    weight: str | None = None


def _field(text: str) -> str | None:
    """Read a WIPO field's number."""
    number = patents.field_number(text)
    return None if number is None else str(number)


def _symbol(text: str) -> str | None:
    """Read an IPC symbol that may end in % for all that begins so."""
    plain = text.rstrip("%")
    return plain if symbols.key(plain) else None


def _positive(text: str) -> float | None:
    """Read a weight, which is positive."""
    number = values.parse_number(text)
    return number if number is not None and number > 0 else None


#: Our name of the table → what links what.
LINKS: Mapping[str, Link] = {
    "tls901": Link("ipc_fields", "ipc_maingroup_symbol", "techn_field_nr", _field),
    "tls902": Link("ipc_nace", "ipc", "nace2_code", patents.nace_code, "nace2_weight"),
}


def linked(engine: Engine, frame: Frame, link: Link) -> Frame:
    """Read one of the tables: ``reason`` is null for rows that link a symbol to a known code.

    Parameters
    ----------
    frame
        The staged table: `file`, `line` and the columns of the link.

    Returns
    -------
    nw.LazyFrame
        The same with ``key``, ``event`` (none), ``reason``, ``read_ipc``, ``read_code``, ``read_weight`` (1
        where there is none).
    """
    given = [link.ipc, link.code, *([link.weight] if link.weight else [])]
    rows = values.lookup(engine, frame, link.ipc, _symbol, "read_ipc", nw.String())
    rows = values.lookup(engine, rows, link.code, link.read_code, "read_code", nw.String())
    if link.weight:
        rows = values.lookup(engine, rows, link.weight, _positive, "read_weight", nw.Float64())
        rows = rows.with_columns(weightless=~nw.col(link.weight).is_null() & nw.col("read_weight").is_null())
    else:
        rows = rows.with_columns(read_weight=nw.lit(1.0), weightless=nw.lit(False))
    rows = values.set_aside_duplicates(rows, given)
    unknown = nw.col("read_ipc").is_null() | nw.col("read_code").is_null() | nw.col("weightless")
    reason = nw.coalesce(
        nw.when(nw.col("duplicate")).then(nw.lit("duplicate row")), nw.when(unknown).then(nw.lit(REASON))
    )
    key = nw.concat_str(*(nw.col(column) for column in given), separator=" → ", ignore_nulls=True)
    return engine.keep(
        rows.with_columns(
            reason=reason,
            key=key,
            event=nw.lit(None, nw.String()),
            read_weight=nw.col("read_weight").fill_null(1.0),
        )
    )


def concordance(rows: Frame, link: Link) -> pd.DataFrame:
    """Bring the links to the driver, in one order wherever they stood.

    Returns
    -------
    pandas.DataFrame
        The columns of the link, as :func:`ingest.sectors.to_naics` takes them, sorted.
    """
    used = rows.filter(nw.col("reason").is_null()).select("read_ipc", "read_code", "read_weight")
    names = {"read_ipc": link.ipc, "read_code": link.code, "read_weight": link.weight or "weight"}
    table = collect(used).rename(columns=names)
    return table.sort_values(list(names.values()), ignore_index=True)


def rejects(rows: Frame, link: Link) -> list[Frame]:
    """List the cells of these tables that were not understood."""
    cells = {link.ipc: nw.col("read_ipc").is_null(), link.code: nw.col("read_code").is_null()}
    if link.weight:
        cells[link.weight] = nw.col("weightless")
    lists = [
        rows.filter(nw.col("reason") == REASON, unread).with_columns(
            field=nw.lit(column), value=nw.col(column).fill_null("")
        )
        for column, unread in cells.items()
    ]
    return [typed(one, SOURCE_SCHEMA["rejects"]) for one in lists]

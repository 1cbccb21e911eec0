"""Stata's .dta, version 118 (Stata 14 and later): labels for variables, and for the values of codes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from io import BytesIO

import pandas as pd

from observatory.export.graph import Content
from observatory.export.tables import HOLD, labels_of, tables

#: Columns of a few different words, which become numbers with labels.
CODED = ("network", "level", "of", "period", "space", "role", "class", "tier")
#: Stata's limits: letters of a label, and bytes of a text that is kept in its row.
LABEL, SHORT = 80, 2045
#: Columns whose name is a word of Stata's own.
RESERVED = {"class": "change_class"}
#: Stata asks for the hour of writing; its own day zero keeps the bytes the same.
NO_DAY = datetime.datetime(1960, 1, 1)


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a table."""
    for name, table in tables(content).items():
        yield f"{name}.dta", document(table, HOLD[name])


def document(table: pd.DataFrame, title: str) -> bytes:
    """Write one table.

    Parameters
    ----------
    title
        Becomes the label of the data.
    """
    fit = pd.DataFrame({_name(str(column)): _fit(str(column), table[column]) for column in table})
    texts = [column for column in fit if fit[column].dtype == object and len(fit)]
    long = [column for column in texts if fit[column].map(lambda text: len(text.encode())).max() > SHORT]
    buffer = BytesIO()
    fit.to_stata(
        buffer,
        write_index=False,
        version=118,
        time_stamp=NO_DAY,
        data_label=title[:LABEL],
        variable_labels={_name(column): label[:LABEL] for column, label in labels_of(table).items()},
        convert_strl=long,
    )
    return buffer.getvalue()


def _name(column: str) -> str:
    """Give a name that Stata takes: letters, digits, _, at most 32.

    Examples
    --------
    >>> _name("share of all"), _name("2007")
    ('share_of_all', '_2007')
    """
    plain = re.sub(r"\W", "_", RESERVED.get(column, column), flags=re.ASCII)[:32]
    return plain if not plain[:1].isdigit() else f"_{plain}"[:32]


def _fit(name: str, column: pd.Series) -> pd.Series:
    """Words of few kinds as labelled numbers, whole numbers with gaps as decimals, no cell without a text."""
    if pd.api.types.is_bool_dtype(column):
        return column.astype("int8")
    if pd.api.types.is_numeric_dtype(column):
        gaps = pd.api.types.is_extension_array_dtype(column.dtype)
        return column.astype("float64") if gaps else column
    texts = column.astype(object).where(column.notna(), "").astype(str).str.replace("\0", " ")
    if name not in CODED or not len(texts):
        return texts.astype(object)
    kinds = sorted(set(texts) - {""})
    return pd.Series(pd.Categorical(texts.where(texts != ""), categories=kinds), index=column.index)

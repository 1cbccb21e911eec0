"""Records as they are kept on the engine: narrow, once, with a number beside each event's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from ingest.engine import Engine
from ingest.records import CLASS_SCHEMA, RECORD_SCHEMA, Records, added, stack, typed

Frame = nw.LazyFrame[Any]
Widen = Callable[[Frame], Frame]
#: The first number of an event that has none of its own.
FIRST = 10**17
#: So many sources can be told apart by number.
MOST_SOURCES = 8


def numbered(events: Frame) -> Frame:
    """Add ``number``, a whole number for each event in the order of its id, which may be one already.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> events = DuckDB().table(pd.DataFrame({"event": ["9", "10"]}))
    >>> numbered(events).sort("event").collect("pyarrow").rows()
    [('10', 100000000000000001), ('9', 100000000000000002)]
    """
    if events.collect_schema()["event"] == nw.Int64():
        return events.with_columns(number=nw.col("event"))
    return events.with_columns(number=nw.col("event").cum_count().over(order_by="event").cast(nw.Int64()) + FIRST)


@dataclass
class Kept:
    """Tables of the events that are counted.

    Attributes
    ----------
    name
        Name of the source; it stands before every event's id.
    counted
        What :func:`numbered` gives of them.
    text
        Writes an event's id.
    words, numbers
        Name of a table → it with ids, and with numbers in their place.
    tables
        What lies on the engine of them.
    """

    engine: Engine
    name: str
    counted: Frame
    text: Callable[[nw.Expr], nw.Expr]
    words: dict[str, Frame] = field(default_factory=dict)
    numbers: dict[str, Frame] = field(default_factory=dict)
    tables: list[Frame] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Tell whether the events' ids are numbers themselves."""
        return bool(self.counted.collect_schema()["event"] == nw.Int64())

    @property
    def events(self) -> Frame:
        """The counted events: ``event``, and ``number`` where they have no number of their own."""
        return self.counted.select("event") if self.own else self.counted

    def add(self, table: str, frame: Frame, derived: Mapping[str, nw.Expr], widen: Widen = lambda frame: frame) -> None:
        """Keep a table's rows of counted events.

        Parameters
        ----------
        frame
            The columns that are kept.
        derived
            Those that follow from them, once `widen` has added what it adds.
        """
        self.put(table, frame.drop(*derived, strict=False).join(self.events, on="event"), derived, widen)

    def put(self, table: str, rows: Frame, derived: Mapping[str, nw.Expr], widen: Widen = lambda frame: frame) -> None:
        """Do the same with rows of counted events that have the columns of :attr:`events` beside them."""
        schema = {**RECORD_SCHEMA, "classes": CLASS_SCHEMA}[table]
        base = self.engine.keep(rows)
        whole = added(widen(base), derived)
        written = nw.concat_str([nw.lit(f"{self.name}:"), self.text(nw.col("event"))])
        self.words[table] = typed(whole.with_columns(event=written), schema)
        number = nw.col("event" if self.own else "number")
        self.numbers[table] = typed(whole.with_columns(event=number), {**schema, "event": nw.Int64()})
        self.tables.append(base)


def together(parts: Sequence[Records]) -> dict[str, Frame]:
    """Put the numbered tables of several sources under one another, each source's numbers before the next's.

    Parameters
    ----------
    parts
        Records of different sources; where one has no numbers, or there are too many, none are given.
    """
    if len(parts) > MOST_SOURCES or not all(part.numbered for part in parts):
        return {}
    names = [f"{part.ledger['source'].iloc[0]}:" for part in parts]
    places = [sorted(names).index(name) for name in names]
    if len(set(places)) < len(parts):
        return {}
    tables: dict[str, list[Frame]] = {}
    for part, place in zip(parts, places, strict=True):
        for table, frame in part.numbered.items():
            tables.setdefault(table, []).append(frame.with_columns(event=nw.col("event") + place * FIRST))
    return {table: stack(frames) for table, frames in tables.items()}

"""Each firm and year once: which rows repeat another, and how many firms stand in which years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect

Frame = nw.LazyFrame[Any]
FIGURES = ("employees", "wages", "value_added", "turnover")
#: Years further apart than this are not those of one table of firms.
SPAN = 36
DUPLICATE = "duplicate row"
ANOTHER = "another row has the same firm and year"


def years_of_firms(engine: Engine, firms: Frame, years: Iterable[int]) -> tuple[Frame, pd.DataFrame]:
    """Say in which years each firm stands, and whether it stands twice in one.

    The years of a firm are added up as powers of two: the sum has as many binary ones as the firm has rows
    only where no two rows are of one year. One pass over the firms tells repeated rows and missing years.

    Parameters
    ----------
    engine
        Where small tables are put.
    firms
        ``firm, year``.
    years
        The years that occur, within :data:`SPAN` of each other.

    Returns
    -------
    tuple
        ``firm, rows, mask`` on the engine; and ``rows, mask, firms`` (their number), ``years`` (which; empty
        where a firm stands twice in one) on the driver.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"firm": ["a", "a", "b", "b"], "year": [2011, 2014, 2012, 2012]})
    >>> engine = DuckDB()
    >>> years_of_firms(engine, engine.table(rows), {2011, 2012, 2014})[1][["firms", "years"]].to_dict("records")
    [{'firms': 1, 'years': ()}, {'firms': 1, 'years': (2011, 2014)}]
    """
    known = sorted(years)
    bits = pd.DataFrame({"year": known, "bit": [1 << (year - known[0]) for year in known]}, dtype="int64")
    by_firm = (
        firms.select("firm", "year")
        .join(engine.table(bits), on="year")
        .group_by("firm")
        .agg(rows=nw.len(), mask=nw.col("bit").sum().cast(nw.Int64()))
    )
    by_firm = engine.keep(by_firm)
    table = collect(by_firm.group_by("rows", "mask").agg(firms=nw.len()).sort("rows", "mask")).astype("int64")
    table["years"] = [
        tuple(year for year in known if mask >> (year - known[0]) & 1) if mask.bit_count() == rows else ()
        for rows, mask in zip(table["rows"].tolist(), table["mask"].tolist(), strict=True)
    ]
    return by_firm, table


def each_once(engine: Engine, firms: Frame, by_firm: Frame, table: pd.DataFrame) -> tuple[Frame, Frame]:
    """Keep one row of each firm and year, and mark the others.

    Of rows that differ the one with the most figures is kept, of these the one with the largest figures:
    whatever the order of the rows, the same is kept.

    Parameters
    ----------
    engine
        Where the few repeated rows are kept.
    firms
        ``file, line, firm, year``, :data:`FIGURES`, and what else tells rows apart.
    by_firm, table
        What :func:`years_of_firms` returned for them.

    Returns
    -------
    tuple
        The rows kept; and the others with their ``reason``.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> row = {"file": "f", "firm": "a", "year": 2014, "region": "DE21", "industry": "20"}
    >>> rows = [row | {"line": line, "employees": size, "wages": 1, "value_added": 1, "turnover": 1}
    ...         for line, size in ((2, 5), (3, 9), (4, 5))]
    >>> engine = DuckDB()
    >>> firms = engine.table(pd.DataFrame(rows))
    >>> kept, others = each_once(engine, firms, *years_of_firms(engine, firms, [2014]))
    >>> collect(kept)["employees"].to_list(), collect(others.sort("line"))[["line", "reason"]].to_numpy().tolist()
    ([9], [[2, 'another row has the same firm and year'], [4, 'duplicate row']])
    """
    twice = table.loc[table["years"].map(len) == 0, ["rows", "mask"]]
    if twice.empty:
        return firms, firms.filter(nw.lit(False)).with_columns(reason=nw.lit(""))
    doubtful = by_firm.join(engine.table(twice), on=["rows", "mask"]).select("firm")
    among = engine.keep(firms.join(doubtful, on="firm"))
    repeated = among.group_by("firm", "year").agg(_rows=nw.len()).filter(nw.col("_rows") > 1).select("firm", "year")
    repeated = engine.keep(repeated)
    marked = engine.keep(_placed(among.join(repeated, on=["firm", "year"])))
    columns = firms.collect_schema().names()
    first = marked.filter(nw.col("_place") == 1).select(columns)
    reason = nw.when(nw.col("_copy") > 1).then(nw.lit(DUPLICATE)).otherwise(nw.lit(ANOTHER))
    others = marked.filter(nw.col("_place") > 1).with_columns(reason=reason).select(*columns, "reason")
    single = firms.join(repeated, on=["firm", "year"], how="anti")
    return nw.concat([single.select(columns), first], how="vertical"), others


def _placed(rows: Frame) -> Frame:
    """Put the rows of each firm and year in order, and those of them that say the same."""
    unknown = [nw.col(figure).is_null().cast(nw.Int64()) for figure in FIGURES]
    sizes = {f"_{figure}": -nw.col(figure).fill_null(0) for figure in FIGURES}
    told = sorted(set(rows.collect_schema().names()) - {"file", "line", "firm", "year"})
    said = [nw.col(column).cast(nw.String()).fill_null("\x00") for column in told]
    rows = rows.with_columns(
        **sizes, _unknown=nw.sum_horizontal(*unknown), _said=nw.concat_str(*said, separator="\x1f")
    )
    order = ["_unknown", *sizes, "_said", "file", "line"]
    return rows.with_columns(
        _place=nw.col("firm").cum_count().over("firm", "year", order_by=order),
        _copy=nw.col("firm").cum_count().over("firm", "year", "_said", order_by=["file", "line"]),
    )

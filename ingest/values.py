"""Cells are understood once for each different text, and the answers joined back."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import narwhals as nw

from ingest.engine import Engine, collect, distinct

T = TypeVar("T")
Frame = nw.LazyFrame[Any]

# English, whatever the machine's own language.
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}.*)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_MIDNIGHT = re.compile(r"(12:00|0?0:00)(:00)?( ?AM)?", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: Up to so many different rows that are repeated are looked for by name.
_FEW = 5000


def lookup(
    engine: Engine,
    frame: Frame,
    column: str,
    parse: Callable[[str], T | None],
    into: str,
    dtype: nw.dtypes.DType,
) -> Frame:
    """Add a column with what each text of another column means, each different text being parsed once.

    Parameters
    ----------
    engine
        Where the answers are put.
    frame
        A table with the text ``column``.
    parse
        Text → meaning, None where it is not understood.
    into, dtype
        Name and type (String, Int64, Float64, Boolean) of the new column; null where not understood.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> frame = engine.table(pd.DataFrame({"filed": ["2003", "3201", "2003"]}))
    >>> years = lookup(engine, frame, "filed", parse_year, "year", nw.Int64())
    >>> years.filter(~nw.col("year").is_null()).collect("pandas")["year"].to_list()
    [2003, 2003]
    """
    import pyarrow as pa

    types = {
        nw.String(): pa.string(),
        nw.Int64(): pa.int64(),
        nw.Float64(): pa.float64(),
        nw.Boolean(): pa.bool_(),
    }
    answers = []
    # Slice by slice: as Python holds texts they take several times the room of their letters.
    for part in engine.stream(distinct(frame, column)):
        texts = [text for text in part.column(0).to_pylist() if text is not None]
        meanings = pa.array([parse(text) for text in texts], types[dtype])
        answers.append(pa.table({column: pa.array(texts, pa.string()), into: meanings}))
    if not sum(map(len, answers)):
        return frame.with_columns(nw.lit(None, dtype).alias(into))
    return frame.join(engine.table(pa.concat_tables(answers)), on=column, how="left")


def texts_of(frame: Frame, column: str) -> list[str]:
    """List the different texts of a column in the order of the alphabet; blanks are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> texts_of(DuckDB().table(pd.DataFrame({"city": ["Ulm", None, "Bonn", "Ulm"]})), "city")
    ['Bonn', 'Ulm']
    """
    found: list[str] = distinct(frame, column).collect("pyarrow")[column].to_list()
    return sorted(text for text in found if text is not None)


def lookup_many(engine: Engine, frame: Frame, column: str, parse: Callable[[str], Sequence[str]], into: str) -> Frame:
    """Repeat each row for every text that a cell holds, each different cell being cut once.

    Rows whose cell is null or gives nothing are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> frame = engine.table(pd.DataFrame({"codes": ["2834|8731", "2834"]}))
    >>> cut = lookup_many(engine, frame, "codes", lambda text: text.split("|"), "code")
    >>> sorted(cut.collect("pandas")["code"].to_list())
    ['2834', '2834', '8731']
    """
    import pyarrow as pa

    pairs = [(text, part) for text in texts_of(frame, column) for part in parse(text)]
    answers = {column: [text for text, _ in pairs], into: [part for _, part in pairs]}
    schema = pa.schema([(column, pa.string()), (into, pa.string())])
    return frame.join(engine.table(pa.table(answers, schema=schema)), on=column, how="inner")


def set_aside_duplicates(frame: Frame, columns: Sequence[str], keys: Sequence[str] = ()) -> Frame:
    """Add ``duplicate``: true for a row that repeats an earlier one (by file, line) in all of ``columns``.

    `keys` is as in :func:`later_rows`.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"file": "a", "line": [2, 3, 4], "event": ["x", "y", "x"]})
    >>> marked = set_aside_duplicates(DuckDB().table(rows), ["event"])
    >>> marked.sort("line").collect("pandas")["duplicate"].to_list()
    [False, False, True]
    """
    later = later_rows(frame, columns, keys)
    return frame.with_columns(duplicate=nw.lit(False)) if later is None else marked(frame, later)


def repeats(frame: Frame, keys: Sequence[str]) -> bool:
    """Tell whether two rows are alike in all of some columns, a blank being like a blank.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> rows = DuckDB().table(pd.DataFrame({"a": ["x", "x"], "b": ["y", "z"]}))
    >>> repeats(rows, ["a"]), repeats(rows, ["a", "b"])
    (True, False)
    """
    # An engine tells different rows apart faster than it counts each of them.
    every = frame.select(*keys)
    rows, different = (int(collect(table.select(rows=nw.len()))["rows"].iloc[0]) for table in (every, every.unique()))
    return different < rows


def marked(frame: Frame, later: Frame) -> Frame:
    """Add ``duplicate``: true for the rows that :func:`later_rows` lists."""
    both = frame.join(later.with_columns(duplicate=nw.lit(True)), on=["file", "line"], how="left")
    return both.with_columns(duplicate=nw.col("duplicate").fill_null(False))


def later_rows(frame: Frame, columns: Sequence[str], keys: Sequence[str] = ()) -> Frame | None:
    """List the rows that repeat an earlier one in all of some columns, by ``file, line``; None where there are none.

    Parameters
    ----------
    frame
        With ``file, line``.
    columns
        What is compared; a blank is like a blank.
    keys
        Some of these that seldom repeat together: where they do not, nothing else is compared.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> rows = DuckDB().table(pd.DataFrame({"file": "a", "line": [2, 3], "event": ["x", "x"]}))
    >>> later_rows(rows, ["event"]).collect("pyarrow").rows(), later_rows(rows, ["event", "line"])
    ([('a', 3)], None)
    """
    if not repeats(frame, keys or columns):
        return None
    repeated = frame.group_by(*columns).agg(_rows=nw.len()).filter(nw.col("_rows") > 1)
    repeated = repeated.select(_content=_written(columns))
    some = repeated.head(_FEW + 1).collect("pyarrow")["_content"].to_list()
    if not some:
        return None
    # Repeated rows are few: only they are put in order, which for all rows would be slow.
    written = frame.select("file", "line", _content=_written(columns))
    few = len(some) <= _FEW
    among = written.filter(nw.col("_content").is_in(sorted(some))) if few else written.join(repeated, on="_content")
    place = nw.col("line").cum_count().over("_content", order_by=["file", "line"])
    return among.with_columns(_place=place).filter(nw.col("_place") > 1).select("file", "line")


def _written(columns: Sequence[str]) -> nw.Expr:
    """Write the cells of a row in one text; null is told from any cell."""
    cells = [nw.col(column).cast(nw.String()).fill_null("\x00") for column in columns]
    return nw.concat_str(*cells, separator="\x1f")


def parse_date(text: str, *, dayfirst: bool = False) -> str | None:
    """Read a date and return it as ISO 8601 text; None where it is no date between 1900 and 2100.

    Understood are 2003-01-15, 01/15/2003 (the month first, as Thomson and SDC write; ``dayfirst`` turns it),
    15.01.2003 (always the day first), 15 Jan 2003, January 15, 2003, a month alone (2003-07 stands for its
    first day) and the serial number that a spreadsheet keeps. Two-digit years: 00-68 are of this century.

    Examples
    --------
    >>> [parse_date(text) for text in ("01/15/2003", "15.01.2003", "2003-07", "37636", "3201-05-04")]
    ['2003-01-15', '2003-01-15', '2003-07-01', '2003-01-15', None]
    """
    text = " ".join(text.split())
    if found := _ISO.fullmatch(text):
        return _iso(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), int(found[3]), found[4], dayfirst or found[2] == ".")
    if found := _DAY_MONTH.fullmatch(text):
        return _iso(int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return _iso(int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _SERIAL.fullmatch(text):
        # Day 1 of a spreadsheet is 1900-01-01, and it believes in a 29 February 1900.
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(found[1]))
        return _iso(day.year, day.month, day.day)
    return None


def _numeric(first: int, second: int, year: str, dayfirst: bool) -> str | None:
    """Read 01/15/2003; where one order is impossible (15/01/2003) the other is meant."""
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= 68 else 1900)
    day, month = (first, second) if dayfirst else (second, first)
    return _iso(full, month, day) or _iso(full, day, month)


def _iso(year: int, month: int, day: int) -> str | None:
    """Write a date, if there was such a day between 1900 and 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def parse_year(text: str) -> int | None:
    """Read a year between 1900 and 2100, alone or in a date; None for anything else.

    Examples
    --------
    >>> [parse_year(text) for text in ("2003", "2003.0", "15 Jan 2003", "9999", "3201")]
    [2003, 2003, 2003, None, None]
    """
    if found := _YEAR.fullmatch(text.strip()):
        year = int(found[1])
        return year if FIRST_YEAR <= year <= LAST_YEAR else None
    date = parse_date(text)
    return None if date is None else int(date[:4])


def parse_share(text: str) -> float | None:
    """Read a share, which is positive; 40% is 0.4, and a comma is the decimal sign: nobody has a share of a thousand.

    Examples
    --------
    >>> parse_share("0.4"), parse_share("40 %"), parse_share("1,000"), parse_share("0"), parse_share("most")
    (0.4, 0.4, 1.0, None, None)
    """
    plain = text.rstrip("% ")
    number = parse_number(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain)
    if number is None or number <= 0:
        return None
    return number / 100 if text.rstrip().endswith("%") else number


def parse_number(text: str) -> float | None:
    """Read a number as English, continental or spreadsheet writing has it; None where it is none.

    A sign that stands several times groups thousands; of two different signs the last is the decimal one; a
    comma alone before exactly three digits groups thousands (1,234), unless a 0 stands before it.

    Examples
    --------
    >>> [parse_number(text) for text in ("1,234.5", "1.234,5", "1 234", "1.2e6", "12:00 AM", "3,5", "many")]
    [1234.5, 1234.5, 1234.0, 1200000.0, 0.0, 3.5, None]
    """
    if _PLAIN.fullmatch(text):  # most are, and there are many
        return _finite(text)
    text = re.sub(r"[\s'’]+", " ", text.strip())
    if _MIDNIGHT.fullmatch(text):
        return 0.0  # a spreadsheet that takes 0 for a time of day
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    text = re.sub(r"(?<=\d) (?=\d{3}(\D|$))", "", text)
    plain = _decimal_point(text.replace("$", "").replace("€", "").replace("£", "").strip())
    return _finite(plain) if _PLAIN.fullmatch(plain) else None


def _finite(text: str) -> float | None:
    """Read a plain number; None where it is too large to be one (1e400)."""
    number = float(text)
    return number if math.isfinite(number) else None


def _decimal_point(text: str) -> str:
    """Write a number with a decimal point and no thousands sign."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        whole, _, part = text.rpartition(decimal)
        return f"{whole.replace(thousands, '')}.{part}" if _grouped(whole, thousands) else ""
    if text.count(".") > 1:
        return text.replace(".", "") if _grouped(text, ".") else ""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text):
        return text.replace(",", "")
    return text.replace(",", ".")


def _grouped(text: str, sign: str) -> bool:
    """Tell whether a sign groups thousands: three digits behind the last, two (as in India) or three between."""
    return re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(sign)}\d{{2,3}})*{re.escape(sign)}\d{{3}}", text) is not None

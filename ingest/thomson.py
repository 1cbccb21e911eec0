"""Thomson ONE and SDC Platinum mergers and acquisitions: a row a deal, an acquirer's side and a target's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import narwhals as nw

from ingest import agreements, entries, values
from ingest.columns import Layout
from ingest.engine import Engine
from ingest.opened import OPENING, Opened, check_options, opened
from ingest.parties import ROW, assemble, classes_of, coded, one_by_one, party
from ingest.records import VENDOR_LEVELS, SourceRows, stack

FORMAT = "thomson"
KIND = "deal"
OPTIONS: Mapping[str, str] = {
    **OPENING,
    "date": "Which date counts: 'announced' (default) or 'effective'.",
    "status": "The statuses that count, or 'all'; by default not withdrawn, rumoured or sought ones.",
    "codes": "'primary' (default): each side's primary code; 'all': its other NAICS or SIC codes as well.",
    "currency": "The unit of the value column, by default 'USD mn'.",
}

#: A deal with one of these words in its status did not come about, or was never more than talk.
NOT_CONCLUDED = ("withdrawn", "rumor", "rumour", "seeking", "cancel", "terminated", "lapsed", "intended")
#: Years of NAICS that a heading may name; a heading without a year is of whichever year has the code.
NAICS_YEARS = ("2022", "2017", "2012", "2007", "2002")
SIDES = {"acquirer": "Acquiror", "target": "Target"}
#: A side's place, and what it is called in the records.
PLACE = {"nation": "country", "city": "city", "zip": "postcode"}
#: The cells that every deal is asked for, whether the file has them or not.
NAMES = ("acquirer_name", "target_name")
DATES = ("announced", "effective")
ABOUT = ("status", "withdrawn", "value", "value_eur")
DEAL = ("number", *ABOUT, *NAMES)
_NONE: Mapping[str, Any] = MappingProxyType({})


def _naics(side: str, year: str = "") -> dict[str, tuple[str, ...]]:
    """Name the headings of a side's NAICS codes; vendors write NAIC."""
    codes = [f"{side} {{}}NAIC {year}", f"{side} {{}}NAICS {year}", f"{side} {{}}NAIC {year} Code"]
    codes += [
        f"{side} {{}}NAIC Code {year}",
        f"{side} {{}}NAICS Code {year}",
        f"{side} {{}}NAICS {year} Code",
    ]
    plural = [f"{side} {{}}NAIC Codes {year}", f"{side} {{}}NAICS Codes {year}"]
    ours = f"{'acquirer' if side == SIDES['acquirer'] else 'target'}_naics{year}"
    return {
        ours: tuple(code.format("Primary ") for code in codes),
        f"{ours}_all": tuple(code.format(which) for which in ("", "All ") for code in codes + plural),
    }


def _side(ours: str, theirs: str) -> dict[str, tuple[str, ...]]:
    """Name the headings of one side of the deal."""
    spellings: dict[str, tuple[str, ...]] = {
        f"{ours}_name": (
            f"{theirs} Name",
            f"{theirs} Full Name",
            f"{theirs} Short Name",
            f"{theirs} Name Full",
        ),
        f"{ours}_nation": (
            f"{theirs} Nation",
            f"{theirs} Nation Name",
            f"{theirs} Country",
            f"{theirs} Nation of HQ",
        ),
        f"{ours}_city": (f"{theirs} City", f"{theirs} City Name", f"{theirs} City of HQ"),
        f"{ours}_zip": (
            f"{theirs} Zip Code",
            f"{theirs} Zip",
            f"{theirs} Postal Code",
            f"{theirs} Postcode",
            f"{theirs} Zip/Postal Code",
        ),
    }
    for year in (*NAICS_YEARS, ""):
        spellings |= _naics(theirs, year)
    for level in VENDOR_LEVELS:
        words = level.capitalize()
        spellings[f"{ours}_{level}"] = (
            f"{theirs} {words} Industry",
            f"{theirs} {words} Description",
            f"{theirs} TF {words} Description",
            f"{theirs} {words} Industry Description",
        )
    spellings[f"{ours}_sic"] = (f"{theirs} Primary SIC Code", f"{theirs} Primary SIC")
    spellings[f"{ours}_sic_all"] = tuple(
        f"{theirs} {words}" for words in ("SIC Codes", "SIC Code", "SIC", "All SIC Codes", "All SIC")
    )
    return spellings


LAYOUT = Layout(
    name="Thomson ONE M&A",
    spellings={
        "number": (
            "Deal Number",
            "SDC Deal No",
            "SDC Deal Number",
            "Deal No",
            "Deal ID",
            "Transaction Number",
        ),
        "announced": ("Date Announced", "Announced Date", "Announcement Date", "Announced"),
        "effective": ("Date Effective", "Effective Date", "Date Effective/Unconditional", "Completion Date"),
        "withdrawn": ("Date Withdrawn", "Withdrawn Date"),
        "status": ("Status", "Deal Status", "Transaction Status"),
        "value": (
            "Value of Transaction ($mil)",
            "Deal Value (USD Millions)",
            "Value of Transaction (USD mil)",
            "Transaction Value ($mil)",
            "Transaction Value (USD Millions)",
            "Deal Value ($mil)",
            "Deal Value ($ Millions)",
            "Deal Value (USD mn)",
            "Value of Transaction (mil)",  # where a program that takes signs away has passed the table on
        ),
        "value_eur": (
            "Value of Transaction (Euro mil)",
            "Value of Transaction (EUR mil)",
            "Deal Value (EUR Millions)",
            "Deal Value (Euro Millions)",
            "Transaction Value (EUR Millions)",
            "Deal Value (EUR mn)",
        ),
        **_side("acquirer", SIDES["acquirer"]),
        **_side("target", SIDES["target"]),
    },
    required=frozenset({"announced", "acquirer_name", "target_name"}),
)


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read deals; each has its acquirers and its targets as participants.

    Deals that were withdrawn, rumoured, intended or sought are set aside unless the option `status` says
    otherwise. Rows of one deal number are one deal; rows that would give it a later date are set aside.
    Several acquirers on lines of one cell are several participants; a list beside them that is not equally
    long is rejected as a cell, and the row is used without it. A side's sector is its primary NAICS code,
    else its primary SIC code. A deal without a number is known by its date, names and value.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        The exports, text or workbooks.
    columns
        Our column → the heading that carries it, where the headings differ from the vendor's.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Values in millions of US dollars (or the unit that the heading names).

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> path = Path(tempfile.mkdtemp()) / "deals.csv"
    >>> _ = path.write_text("Date Announced,Acquiror Name,Target Name,Deal Number\n01/15/2003,Acme,Beta,7\n")
    >>> read(DuckDB(), [path]).events.select("event", "date", "key").collect("pandas").rows()
    [('7', '2003-01-15', 'Deal Number 7')]

    Source: European Cluster Trends, methodology 2014, 3.2.2.
    """
    choices = {"date": ("announced", "effective"), "codes": ("primary", "all")}
    check_options(options, OPTIONS, choices)
    date = str(options.get("date", "announced"))
    layout = replace(LAYOUT, required=LAYOUT.required - {"announced"} | {date})
    given = opened(engine, files, layout, (*DEAL, date), columns=columns, options=options, root=root)
    rows = _deals(engine, given, date, str(options.get("currency", "USD mn")))
    rows = agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_CONCLUDED))
    rows = rows.with_columns(key=_key(), event_key=_key())
    used, several = agreements.used_rows(rows), options.get("codes") == "all"
    sides = [_side_of(engine, given, used, side, several) for side in SIDES]
    classes = [side.classes for side in sides if side.classes is not None]
    tables = assemble(
        engine,
        given.staged,
        kind=KIND,
        rows=rows,
        parties=stack(side.parties for side in sides),
        rejects=[*agreements.rejects_of(rows, date), *(table for side in sides for table in side.rejects)],
        several=several,
        one_each=not several and not any(side.parted for side in sides),
    )
    return replace(tables, classes=stack(classes) if classes else None)


def _deals(engine: Engine, given: Opened, date: str, currency: str) -> nw.LazyFrame[Any]:
    """Bring the vendor's cells into the rows of :mod:`ingest.agreements`."""
    rows = values.set_aside_duplicates(given.cells, sorted({*given.filled, *DEAL}), ["number"])
    rows = agreements.dated(engine, rows.with_columns(when=nw.col(date)))
    number = agreements.numbered(nw.col("number"))
    rows = rows.with_columns(number=number, event=nw.coalesce(number, _made_id()))
    withdrawn = nw.when(~nw.col("withdrawn").is_null()).then(nw.lit("Withdrawn"))
    dollars, euros = nw.col("value"), nw.col("value_eur")
    return rows.with_columns(
        state=nw.coalesce(nw.col("status"), withdrawn),
        amount=nw.coalesce(dollars, euros),
        currency=nw.when(dollars.is_null()).then(nw.lit("EUR mn")).otherwise(nw.lit(currency)),
        aside=nw.coalesce(
            nw.when(nw.col("event").is_null()).then(nw.lit("no event id")),
            *(nw.when(_nobody(given, side)).then(nw.lit(f"no {side}")) for side in SIDES),
        ),
    ).drop(*ABOUT, *DATES, strict=False)


def _key() -> nw.Expr:
    """Write what a person knows a settled deal by."""
    numbered, named = nw.lit("Deal Number "), nw.lit("Deal ")
    deal = nw.concat_str(nw.when(nw.col("number").is_null()).then(named).otherwise(numbered), nw.col("event"))
    return deal.fill_null("Deal without number")


def _made_id() -> nw.Expr:
    """Write what tells a deal without a number from others: date, names and value."""
    names = [entries.one_line(name) for name in NAMES]
    known = ~names[0].is_null() | ~names[1].is_null()
    parts = [nw.coalesce(nw.col("iso"), nw.col("when")), *names, nw.coalesce(nw.col("value"), nw.col("value_eur"))]
    return nw.when(known).then(nw.concat_str(*(part.fill_null("-") for part in parts), separator=", "))


def _nobody(given: Opened, side: str) -> nw.Expr:
    """Tell where a side of a deal is not named, placed or classified at all."""
    known = [f"{side}_name", *given.only(_beside(side))]
    return nw.all_horizontal(*(nw.col(column).is_null() for column in known), ignore_nulls=True)


def _codes(side: str, ending: str = "") -> dict[str, str]:
    """Name a side's NAICS and SIC columns and their schemes, the preferred first."""
    naics = {f"{side}_naics{year}{ending}": f"naics{year}" for year in (*NAICS_YEARS, "")}
    return {**naics, f"{side}_sic{ending}": "sic"}


def _beside(side: str) -> list[str]:
    """Name the columns whose lists run beside the names of a side."""
    return [*(f"{side}_{field}" for field in PLACE), *_codes(side)]


class _Side(NamedTuple):
    """The organisations on one side, the cells rejected, the vendor's classes, and whether a cell named several."""

    parties: nw.LazyFrame[Any]
    rejects: list[nw.LazyFrame[Any]]
    classes: nw.LazyFrame[Any] | None
    parted: bool


def _side_of(engine: Engine, given: Opened, rows: nw.LazyFrame[Any], side: str, several: bool) -> _Side:
    """List the organisations on one side, with `several` once a code."""
    name, lists = f"{side}_name", given.only(_codes(side, "_all"))
    levels = {column: level for level in VENDOR_LEVELS for column in given.only([f"{side}_{level}"])}
    beside = [*given.only(_beside(side)), *levels]
    rows = rows.select("file", "line", "key", "event", name, *beside, *lists, alone=~entries.several(name))
    rows, rejects, parted = entries.spread(engine, rows, name, beside)
    place = {ours: f"{side}_{theirs}" for theirs, ours in PLACE.items() if f"{side}_{theirs}" in beside}
    told = party(side, name, place, _schemes(given, side))
    parties = rows.select(*ROW, **told)
    if several and lists:
        told |= coded(_schemes(given, side, "_all"))
        every = one_by_one(engine, engine.keep(rows.filter(nw.col("alone")).select(*ROW, **told)))
        parties = stack([parties, every])
    return _Side(parties, rejects, classes_of(rows, told, levels), parted)


def _schemes(given: Opened, side: str, ending: str = "") -> dict[str, str]:
    """Name the columns of codes that hold anything."""
    codes = _codes(side, ending)
    return {column: codes[column] for column in given.only(codes)}

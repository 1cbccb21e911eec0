"""Bureau van Dijk's Zephyr (and Orbis M&A): a deal on one row or several, an acquiror's side and a target's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from ingest import agreements, entries, values
from ingest.columns import Layout
from ingest.engine import Engine, distinct
from ingest.faults import BadInput, Fault
from ingest.opened import OPENING, Opened, check_options, opened
from ingest.parties import ROW, assemble, coded, one_by_one, party
from ingest.records import SourceRows, stack

FORMAT = "zephyr"
KIND = "deal"
OPTIONS: Mapping[str, str] = {
    **OPENING,
    "date": "Which date counts: 'announced' (default) or 'completed' (else the assumed completion).",
    "status": "The statuses that count, or 'all'; by default not rumours, nor what was withdrawn or postponed.",
    "types": "The deal types that count, by their beginnings, or 'all'; by default not those that hand over no firm.",
    "codes": "'primary' (default): each firm's primary code; 'all': its other codes as well, the only ones of "
    "files that have no column of primary codes.",
    "dayfirst": "False where 03/04/2005 is 4 March; Zephyr writes the day first.",
}

#: A deal with one of these words in its status did not come about, or was never more than talk.
NOT_CONCLUDED = ("rumour", "rumor", "withdrawn", "discontinued", "postponed", "cancel", "lapsed")
#: Deal types that begin so bring no acquirer of a firm; a deal with another type beside them counts.
NO_ACQUISITION = (
    "ipo",
    "planned ipo",
    "initial public",
    "share buyback",
    "buyback",
    "capital increase",
    "joint venture",
)
SIDES = {"acquirer": "Acquiror", "target": "Target"}
#: A side's place, and what it is called in the records.
PLACE = {"nation": "country", "city": "city", "zip": "postcode"}
#: A firm's codes, the preferred first: Trends reads NAICS at six digits.
SCHEMES = {
    "naics2022": ("NAICS 2022",),
    "naics2017": ("NAICS 2017",),
    "naics2012": ("NAICS 2012",),
    "naics2007": ("NAICS 2007",),
    "naics": ("NAICS",),
    "nace21": ("NACE Rev. 2.1",),
    "nace2": ("NACE Rev. 2", "NACE"),
    "nace1": ("NACE Rev. 1.1",),
    "sic": ("US SIC", "SIC"),
}
#: The unit that the value's heading names.
MONEY = {"eur_th": "EUR th", "usd_th": "USD th", "gbp_th": "GBP th", "eur_mn": "EUR mn", "usd_mn": "USD mn"}
#: The cells that stand on a deal's first row only.
DEAL = ("number", "type", "status", "announced", "completed", "assumed", *MONEY)
#: A row below a deal's first that names neither side: another vendor, a second adviser.
NAMELESS = "names no acquirer or target"
_NONE: Mapping[str, Any] = MappingProxyType({})


def _side(ours: str, theirs: str) -> dict[str, tuple[str, ...]]:
    """Name the headings of one side of the deal."""
    spellings: dict[str, tuple[str, ...]] = {
        f"{ours}_name": (f"{theirs} Name", f"{theirs} Company Name"),
        f"{ours}_id": (f"{theirs} BvD ID number", f"{theirs} BvD ID"),
        f"{ours}_nation": (f"{theirs} Country Code", f"{theirs} Country ISO Code", f"{theirs} Country"),
        f"{ours}_city": (f"{theirs} City", f"{theirs} City (Latin Alphabet)"),
        f"{ours}_zip": (f"{theirs} Postcode", f"{theirs} Postal Code", f"{theirs} Zip Code"),
    }
    for scheme, names in SCHEMES.items():
        first = [(f"primary {name} code", f"{name} primary code", f"{name} core code") for name in names]
        every = [(f"{name} code(s)", f"{name} codes", f"{name} code") for name in names]
        spellings[f"{ours}_{scheme}"] = tuple(f"{theirs} {words}" for one in first for words in (*one, f"{one[0]}(s)"))
        spellings[f"{ours}_{scheme}_all"] = tuple(f"{theirs} {words}" for one in every for words in one)
    return spellings


LAYOUT = Layout(
    name="Zephyr deals",
    spellings={
        "number": ("Deal Number", "Zephyr Deal Number", "Deal No", "Deal ID"),
        "type": ("Deal type", "Deal types"),
        "status": ("Deal status", "Current deal status"),
        "announced": ("Announced date", "Date announced", "Announcement date"),
        "completed": ("Completed date", "Completion date", "Date completed"),
        "assumed": ("Assumed completion date", "Completed assumed date"),
        **{
            money: tuple(f"Deal value {unit}" for unit in units)
            for money, units in {
                "eur_th": ("th EUR", "(th EUR)", "EUR th"),
                "usd_th": ("th USD", "(th USD)", "USD th"),
                "gbp_th": ("th GBP", "(th GBP)", "GBP th"),
                "eur_mn": ("m EUR", "(m EUR)", "mil EUR", "EUR m"),
                "usd_mn": ("m USD", "(m USD)", "mil USD", "USD m"),
            }.items()
        },
        **_side("acquirer", SIDES["acquirer"]),
        **_side("target", SIDES["target"]),
    },
    required=frozenset({"number", "announced", "acquirer_name", "target_name"}),
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

    A deal's own cells stand on its first row; further acquirors and targets follow on rows whose deal cells are
    blank, or on lines of one cell, or the deal is repeated for each pair of them. Rows below the first that name
    neither side (another vendor) are counted and set aside; so are deals that lack a side, and by default those that
    were rumoured, withdrawn or postponed, and those in which no firm is acquired (`types`). A firm is known by its
    BvD ID number, else by name and country. Vendors take no part in a linkage and are not read.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        The parts of the export, text or workbooks.
    columns
        Our column → the heading that carries it, where the headings differ from the vendor's.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Values in the unit that the heading names, thousands of euros as a rule.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used: every fault at once.

    Notes
    -----
    The vendor publishes no description of the export. That several firms of a deal follow on rows of their own,
    that parts repeat a deal for each pair, days before months, and the headings were seen in public code that reads
    such exports: "Deal Number", "Acquiror name", "Acquiror BvD ID number", "Acquiror country code", "Acquiror
    postcode", "Acquiror city", "Acquiror primary NACE Rev.2 code", "Acquiror NACE Rev.2 code(s)", the same of NAICS
    2017 and US SIC, "Deal value th EUR", "Announced date". Whatever differs is set by `columns`.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> heads = "Deal Number,Announced date,Acquiror name,Target name,Deal value th EUR"
    >>> text = f"{heads}\n7,15/01/2003,Acme,Beta,n.a.\n,,Gamma,,\n"
    >>> path = Path(tempfile.mkdtemp()) / "deals.csv"
    >>> _ = path.write_text(text)
    >>> found = read(DuckDB(), [path])
    >>> found.participants.select("event", "role", "name").sort("role", "name").collect("pyarrow").rows()
    [('7', 'acquirer', 'Acme'), ('7', 'acquirer', 'Gamma'), ('7', 'target', 'Beta')]

    Source: European Cluster Trends, methodology 2014, 3.2.2.
    """
    choices = {"date": ("announced", "completed"), "codes": ("primary", "all"), "dayfirst": (True, False)}
    check_options(options, OPTIONS, choices)
    date, several = str(options.get("date", "announced")), options.get("codes") == "all"
    layout = LAYOUT
    if date == "completed":
        layout = replace(LAYOUT, required=LAYOUT.required - {"announced"}, either=(("completed", "assumed"),))
    given = opened(engine, files, layout, (*DEAL, *_names()), columns=columns, options=options, root=root)
    if not several:
        _check_codes(given)
    rows = _deals(engine, given, date, bool(options.get("dayfirst", True)), options.get("types"))
    rows = agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_CONCLUDED))
    sides = [_side_of(engine, given, agreements.used_rows(rows), side, several) for side in SIDES]
    parties = engine.keep(stack(parties for parties, _ in sides))
    rows, parties = _with_both_sides(engine, rows, parties)
    return assemble(
        engine,
        given.staged,
        kind=KIND,
        rows=rows,
        parties=parties,
        rejects=[*agreements.rejects_of(rows, date), *(table for _, found in sides for table in found)],
        several=several,
    )


def _names() -> list[str]:
    return [f"{side}_name" for side in SIDES]


def _check_codes(given: Opened) -> None:
    """Refuse files that list a side's codes without saying which is the primary one: every deal would be lost."""
    faults = [
        Fault(
            "study.toml",
            None,
            f"codes of the {side}",
            f"primary codes, as in a column '{SIDES[side]} primary NACE Rev. 2 code'; the files only list them all",
            'export the primary codes too, or write codes = "all"',
        )
        for side in SIDES
        if not given.only(f"{side}_{scheme}" for scheme in SCHEMES)
        and given.only(f"{side}_{scheme}_all" for scheme in SCHEMES)
    ]
    if faults:
        raise BadInput(faults)


def type_reader(kept: object) -> Callable[[str], str | None]:
    r"""Return a reader that gives a deal type's reason for setting aside, or None where the deal counts.

    Parameters
    ----------
    kept
        The beginnings of the types that count (a text or a list of them, in any case), ``"all"``, or None: every
        deal but those all of whose types are among :data:`NO_ACQUISITION`.

    Examples
    --------
    >>> read = type_reader(None)
    >>> read("Acquisition 100%"), read("Capital Increase\nMinority stake 20%"), read("Planned IPO")
    (None, None, 'type: planned ipo')
    """
    named = tuple(str(one).strip().lower() for one in (kept if isinstance(kept, (list, tuple)) else [kept]))

    def read(text: str) -> str | None:
        types = [" ".join(part.lower().split()) for part in re.split(r"[\n;]", text) if part.strip()]
        if kept is None:
            counts = not types or not all(one.startswith(NO_ACQUISITION) for one in types)
        else:
            counts = "all" in named or any(one.startswith(named) for one in types)
        return None if counts else f"type: {', '.join(sorted(set(types))) or 'none'}"

    return read


def _deals(engine: Engine, given: Opened, date: str, dayfirst: bool, types: object) -> nw.LazyFrame[Any]:
    """Bring the vendor's cells into the rows of :mod:`ingest.agreements`."""
    rows = agreements.fill_down(engine, given, DEAL)
    rows = values.set_aside_duplicates(rows, sorted({*given.filled, *DEAL, *_names()}))
    when = nw.coalesce("completed", "assumed") if date == "completed" else nw.col("announced")
    rows = agreements.dated(engine, rows.with_columns(when=when), dayfirst=dayfirst)
    rows = rows.with_columns(kinds=nw.col("type").fill_null(""))
    rows = values.lookup(engine, rows, "kinds", type_reader(types), "type_aside", nw.String())
    number = agreements.numbered(nw.col("number"))
    key = nw.concat_str(nw.lit("Deal Number "), number.fill_null("-"))
    money = [nw.when(~nw.col(column).is_null()).then(nw.lit(unit)) for column, unit in MONEY.items()]
    firms = [entries.one_line(name) for name in _names()]
    return rows.with_columns(
        event=number,
        event_key=key,
        key=nw.concat_str(key, *firms, separator=", ", ignore_nulls=True),
        state=nw.col("status"),
        amount=nw.coalesce(*(nw.col(column) for column in MONEY)),
        currency=nw.coalesce(*money),
        aside=nw.coalesce(nw.when(number.is_null()).then(nw.lit("no event id")), nw.col("type_aside")),
    )


def _side_of(
    engine: Engine, given: Opened, rows: nw.LazyFrame[Any], side: str, several: bool
) -> tuple[nw.LazyFrame[Any], list[nw.LazyFrame[Any]]]:
    """List the firms on one side, with `several` once a code, and the cells rejected."""
    name = f"{side}_name"
    lists = {f"{side}_{scheme}_all": scheme for scheme in SCHEMES}
    lists = {column: lists[column] for column in given.only(lists)}
    firsts = {f"{side}_{scheme}": scheme for scheme in SCHEMES}
    firsts = {column: firsts[column] for column in given.only(firsts)}
    beside = [*given.only([f"{side}_{field}" for field in ("id", *PLACE)]), *firsts]
    rows = rows.filter(~nw.col(name).is_null())
    alone = ~entries.several(name)
    rows = engine.keep(rows.select("file", "line", "key", "event", name, *beside, *lists, alone=alone))
    rows, rejects, _ = entries.spread(engine, rows, name, beside)
    rows = rows.filter(~nw.col(name).is_null())
    place = {ours: f"{side}_{theirs}" for theirs, ours in PLACE.items() if f"{side}_{theirs}" in beside}
    told = party(side, name, place, firsts)
    if f"{side}_id" in beside:
        registered = nw.concat_str(nw.lit(f"{side}, BvD "), nw.col(f"{side}_id"))
        told["participant"] = nw.coalesce(registered, told["participant"])
    parties = rows.select(*ROW, **told)
    if several and lists:
        # A list of codes belongs to a firm only where it stands alone in its cell.
        told |= coded(lists)
        every = one_by_one(engine, engine.keep(rows.filter(nw.col("alone")).select(*ROW, **told)))
        parties = stack([parties, every])
    return parties, rejects


def _with_both_sides(
    engine: Engine, rows: nw.LazyFrame[Any], parties: nw.LazyFrame[Any]
) -> tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]:
    """Set aside deals that lack a side, with their firms, and the rows of others that name neither."""
    reasons = [nw.col("reason")]
    for side in SIDES:
        there = distinct(parties.filter(nw.col("role") == side), "event").with_columns(nw.lit(True).alias(side))
        rows = rows.join(engine.keep(there), on="event", how="left")
        reasons.append(nw.when(nw.col(side).is_null()).then(nw.lit(f"no {side}")))
    unnamed = nw.all_horizontal(*(nw.col(name).is_null() for name in _names()), ignore_nulls=True)
    reasons.append(nw.when(unnamed).then(nw.lit(NAMELESS)))
    rows = engine.keep(rows.with_columns(reason=nw.coalesce(*reasons)).drop(*SIDES))
    used = distinct(agreements.used_rows(rows), "event")
    return rows, engine.keep(parties.join(used, on="event", how="inner"))

"""Any table by a column map: a row is an event with one participant and symbol, or a deal with both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import applications, joined, opened, values
from ingest.columns import Layout
from ingest.engine import Engine, distinct
from ingest.faults import BadInput, Fault
from ingest.files import stage
from ingest.number_style import read_numbers
from ingest.records import KINDS, ROLES, SOURCE_SCHEMA, SourceRows, stack, typed
from ingest.staged import Staged

FORMAT = "table"
KIND = "by the option kind"
OPTIONS: Mapping[str, str] = {
    **opened.OPENING,
    "kind": "What a row is part of: 'copatent', 'deal' or 'alliance' (default).",
    "scheme": "Which classification the symbols are of: naics, sic, nace2, ipc, wipo, label, …",
    "split": "The sign between several symbols in one cell, for example '|'.",
    "role": "The role of participants where no column says it: by default applicant, partner.",
    "currency": "The unit of the value column, for example 'USD mn'.",
    "dayfirst": "True where 03/04/2005 is 3 April; by default the month stands first.",
    "join": 'A second table by key: {files = [...], on = {theirs = "key there"}, columns = {...}}; or by = "name".',
}

_PARTY = ("participant", "name", "region_code", "postcode", "city", "country", "symbol")
_PLACE = ("region_code", "postcode", "city", "country")
_SIDES = ("acquirer", "target")
_WHOLE = ("event", "date", "year", "value", "currency", "role", "share")
_ROLE_WORDS = {
    "acquiror": "acquirer",
    "buyer": "acquirer",
    "bidder": "acquirer",
    "seller": "target",
    "coordinator": "partner",
    "participant": "partner",
    "member": "partner",
}
_NONE: Mapping[str, Any] = MappingProxyType({})

LAYOUT = Layout(
    name="table",
    spellings={
        column: (column,)
        for column in (*_WHOLE, *_PARTY, *(f"{side}_{column}" for side in _SIDES for column in _PARTY))
    },
)


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read any table; the user's map says which column is which.

    Rows of one event may repeat its participants and symbols: different ones are kept. A deal may stand in
    one row, with columns ``acquirer_*`` and ``target_*``; where no column gives its id, it is known by its
    date and the two names. The date of an event is the earliest that its rows give. A participant with
    several places is divided evenly among them unless a column gives shares.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        Texts or workbooks.
    columns
        Our column → heading, of: event, date, year, value, currency, role, share, participant, name,
        region_code, postcode, city, country, symbol, and the last seven with ``acquirer_`` or ``target_``
        before them. Headings that are spelled so need no entry.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to, and that ``join`` looks in.

    Returns
    -------
    SourceRows
        Values in the unit that the option ``currency`` or the column gives.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> path = Path(tempfile.mkdtemp()) / "projects.csv"
    >>> _ = path.write_text("project,year,name,nace\n7,2003,Acme,21\n7,2003,Beta,26.1\n8,3201,Acme,21\n")
    >>> map_ = {"event": "project", "symbol": "nace"}
    >>> rows = read(DuckDB(), [path], columns=map_, options={"scheme": "nace2"})
    >>> rows.rows.sort("line").select("event", "reason").collect("pyarrow").rows()
    [('7', None), ('7', None), ('8', 'impossible year')]
    >>> sorted(rows.facets.select("participant", "symbol").collect("pyarrow").rows())
    [('Acme', '21'), ('Beta', '26.1')]

    Source: European Cluster Trends, methodology 2014, 3.2: co-patents, deals and alliances alike.
    """
    _check(options, columns)
    kind = str(options.get("kind", "alliance"))
    plan = joined.plan_of(options.get("join"), root)
    layout = replace(LAYOUT, required=_required(columns, kind), either=(("year", "date"),))
    staged, beside = _staged(engine, files, layout, columns, options, plan, root)
    frame = staged.frame
    if plan is not None and beside is not None:
        frame = joined.beside(joined.by_name(engine, frame, beside) if plan.names else frame, beside)
    rows = engine.keep(_settled(engine, frame, options, kind))
    parties = engine.keep(_parties(rows, options, kind))
    if kind == "alliance":
        rows = engine.keep(_without_partner(rows, parties))
    used = applications.used_rows(rows)
    parties = parties.join(used.select("file", "line"), on=["file", "line"], how="inner")
    extra = joined.rows_of(engine, rows, beside) if beside is not None else []
    return SourceRows(
        rows=stack([typed(part, SOURCE_SCHEMA["rows"]) for part in (rows, staged.rows, *extra)]),
        rejects=stack([*_rejects(rows), staged.rejects, *([beside.rejects] if beside else [])]),
        events=_events(used, kind, options),
        participants=_participants(parties),
        facets=_facets(engine, parties, kind, options),
        inputs=pd.concat([staged.inputs, *([beside.inputs] if beside else [])], ignore_index=True),
        serves=joined.serves(used) if beside is not None else None,
        divided=kind != "copatent",
    )


def _staged(
    engine: Engine,
    files: Sequence[Path],
    layout: Layout,
    columns: Mapping[str, str],
    options: Mapping[str, object],
    plan: joined.Plan | None,
    root: Path | None,
) -> tuple[Staged, Staged | None]:
    """Open the files and the second table; refuse them together where either is at fault."""
    by_hand = {name: str(options[name]) for name in opened.OPENING if name in options}
    ours = {**columns, **joined.key_column(plan)}
    faults: list[Fault] = []
    beside = None
    try:
        beside = joined.stage_beside(engine, plan, LAYOUT, root)
    except BadInput as error:
        faults += error.faults
    try:
        staged = stage(engine, files, layout, columns=ours, root=root, **by_hand)
    except BadInput as error:
        raise BadInput([*error.faults, *faults]) from error
    if faults:
        raise BadInput(faults)
    return staged, beside


def _check(options: Mapping[str, object], columns: Mapping[str, str]) -> None:
    """Refuse unknown options, choices and columns, all at once."""
    from ingest.sectors import SCHEMES

    choices = {"kind": KINDS, "scheme": SCHEMES, "role": ROLES, "dayfirst": (True, False)}
    faults: list[Fault] = []
    try:
        opened.check_options(options, OPTIONS, choices)
    except BadInput as error:
        faults += error.faults
    known = ", ".join(LAYOUT.spellings)
    faults += [
        Fault("study.toml", None, f"columns.{column}", f"one of {known}", "correct the name before the =")
        for column in columns
        if column not in LAYOUT.spellings
    ]
    symbols = [column for column in columns if column.endswith("symbol")]
    if symbols and "scheme" not in options:
        write = 'write scheme = "nace2", or "label" for labels of your own'
        faults.append(Fault("study.toml", None, f"columns.{symbols[0]}", "an option scheme beside it", write))
    if faults:
        raise BadInput(faults)


def _required(columns: Mapping[str, str], kind: str) -> frozenset[str]:
    """Require an event's id, except of deals that stand in one row."""
    sides = any(column.startswith(tuple(f"{side}_" for side in _SIDES)) for column in columns)
    return frozenset() if kind == "deal" and sides else frozenset({"event"})


def _settled(engine: Engine, frame: nw.LazyFrame[Any], options: Mapping[str, object], kind: str) -> nw.LazyFrame[Any]:
    """Say of each row which event it belongs to, when that was, and why it is set aside if it is."""
    dayfirst = bool(options.get("dayfirst", False))
    content = [c for c in frame.collect_schema().names() if c not in ("file", "line", joined.LINE)]
    rows = frame
    rows = values.lookup(engine, rows, "date", lambda t: values.parse_date(t, dayfirst=dayfirst), "iso", nw.String())
    rows = values.lookup(engine, rows, "year", values.parse_year, "own_year", nw.Int64())
    rows = values.lookup(engine, rows, "date", values.parse_year, "date_year", nw.Int64())
    rows = read_numbers(engine, rows, "value", "amount")
    rows = values.lookup(engine, rows, "share", values.parse_share, "part", nw.Float64())
    rows = values.lookup(engine, rows, "role", _role, "known_role", nw.String())
    rows = values.set_aside_duplicates(rows, content)
    rows = rows.with_columns(
        event=nw.coalesce(nw.col("event"), _made_id()) if kind == "deal" else nw.col("event"),
        when=nw.coalesce(nw.col("own_year"), nw.col("date_year")),
    )
    first = nw.col("when").min().over("event")
    rows = rows.with_columns(when=nw.coalesce(nw.col("when"), nw.when(_undated()).then(first)))
    return rows.with_columns(reason=_reason(), key=_key())


def _undated() -> nw.Expr:
    """Tell rows whose date and year are both blank: they take their event's."""
    return nw.col("date").is_null() & nw.col("year").is_null()


def _made_id() -> nw.Expr:
    """Know a deal without a number by its date and the two sides."""
    names = [nw.coalesce(nw.col(f"{side}_name"), nw.col(f"{side}_participant")) for side in _SIDES]
    when = nw.coalesce(nw.col("iso"), nw.col("date"), nw.col("year")).fill_null("-")
    known = ~names[0].is_null() | ~names[1].is_null()
    return nw.when(known).then(nw.concat_str(when, *(name.fill_null("-") for name in names), separator=", "))


def _key() -> nw.Expr:
    """Know a row by its event, participant and symbol."""
    who = nw.coalesce(*(nw.col(column) for column in ("participant", "name", *_PLACE)))
    return nw.concat_str(nw.col("event"), who, nw.col("symbol"), separator=", ", ignore_nulls=True)


def _reason() -> nw.Expr:
    """Return the first reason for setting a row aside."""
    holders = [*_PARTY, *(f"{side}_{column}" for side in _SIDES for column in _PARTY)]
    nobody = nw.all_horizontal(*(nw.col(column).is_null() for column in holders), ignore_nulls=True)
    reasons = {
        "duplicate row": nw.col("duplicate"),
        "no event id": nw.col("event").is_null(),
        "impossible year": nw.col("when").is_null() & ~nw.col("year").is_null(),
        "impossible date": nw.col("when").is_null() & ~nw.col("date").is_null(),
        "no date": nw.col("when").is_null(),
        "unknown role": ~nw.col("role").is_null() & nw.col("known_role").is_null(),
        "no participant or symbol": nobody,
    }
    return nw.coalesce(*(nw.when(holds).then(nw.lit(reason)) for reason, holds in reasons.items()))


def _role(text: str) -> str | None:
    """Read a role, in one of the words that tables have for it."""
    word = text.strip().casefold()
    role = _ROLE_WORDS.get(word, word)
    return role if role in ROLES else None


def _parties(rows: nw.LazyFrame[Any], options: Mapping[str, object], kind: str) -> nw.LazyFrame[Any]:
    """List who and what each used row names: one row a participant or symbol, of either side."""
    default = str(options.get("role", "applicant" if kind == "copatent" else "partner"))
    used = applications.used_rows(rows)
    common = ["file", "line", "event", "part"]
    parts = [
        used.select(*common, *_PARTY, role=nw.coalesce(nw.col("known_role"), nw.lit(default))),
        *(
            used.select(*common, *(nw.col(f"{side}_{c}").alias(c) for c in _PARTY), role=nw.lit(side))
            for side in _SIDES
        ),
    ]
    named = nw.coalesce(nw.col("participant"), nw.col("name"), _place_words())
    parties = stack(parts).with_columns(participant=named)
    return parties.filter(~nw.col("participant").is_null() | ~nw.col("symbol").is_null())


def _place_words() -> nw.Expr:
    """Know a participant without a name by the place."""
    words = nw.concat_str(*(nw.col(column) for column in _PLACE), separator=" ", ignore_nulls=True)
    return nw.when(words != "").then(words)


def _without_partner(rows: nw.LazyFrame[Any], parties: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Set aside the rows of alliances with fewer than two participants."""
    enough = parties.group_by("event").agg(partners=nw.col("participant").n_unique())
    enough = enough.filter(nw.col("partners") > 1)
    counted = rows.join(enough, on="event", how="left")
    alone = nw.when(nw.col("partners").is_null()).then(nw.lit("fewer than two participants"))
    return counted.with_columns(reason=nw.coalesce(nw.col("reason"), alone)).drop("partners")


def _events(used: nw.LazyFrame[Any], kind: str, options: Mapping[str, object]) -> nw.LazyFrame[Any]:
    """Put the rows of an event together: the earliest date, the largest of the values given in one currency."""
    unit = options.get("currency")
    currency = nw.col("currency") if unit is None else nw.coalesce(nw.col("currency"), nw.lit(str(unit)))
    valued = nw.when(~nw.col("amount").is_null()).then(currency)
    least = nw.col("currency").min().over("event")  # the first by name, as in deals of several rows
    same = (nw.col("currency") == least) | least.is_null()
    events = (
        used.with_columns(currency=valued)
        .with_columns(amount=nw.when(same).then(nw.col("amount")))
        .group_by("event")
        .agg(
            date=nw.col("iso").min(),
            year=nw.col("when").min(),
            value=nw.col("amount").max(),
            currency=nw.col("currency").min(),
            file=nw.col("file").min(),
        )
    )
    # A date of a later year than the earliest row's year cannot be this event's.
    fits = nw.col("date").str.slice(0, 4).cast(nw.Int64()) == nw.col("year")
    events = events.with_columns(date=nw.when(fits).then(nw.col("date")), kind=nw.lit(kind), key=nw.col("event"))
    events = events.with_columns(form=nw.lit(None, nw.String()))
    return typed(events, SOURCE_SCHEMA["events"])


def _participants(parties: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List each participant and place once; without shares, its places divide it evenly.

    A share that is missing where others of the event are known is their mean.
    """
    whose = parties.filter(~nw.col("participant").is_null())
    places = whose.group_by("event", "participant", "role", *_PLACE).agg(
        name=nw.col("name").min(), part=nw.col("part").max()
    )
    alone = nw.lit(1.0) / nw.len().over("event", "participant", "role").cast(nw.Float64())
    mean = nw.coalesce(nw.col("part").mean().over("event"), nw.lit(1.0))
    return typed(places.with_columns(share=nw.coalesce(nw.col("part"), mean * alone)), SOURCE_SCHEMA["participants"])


def _facets(engine: Engine, parties: nw.LazyFrame[Any], kind: str, options: Mapping[str, object]) -> nw.LazyFrame[Any]:
    """List each symbol once: a facet of the event for a patent, else one code of its participant, who is the facet."""
    split = str(options["split"]) if "split" in options else None

    def cut(cell: str) -> Sequence[str]:
        return [part.strip() for part in (cell.split(split) if split else [cell]) if part.strip()]

    held = parties.with_columns(cell=nw.col("symbol")).drop("symbol")
    symbols = values.lookup_many(engine, held, "cell", cut, "symbol").with_columns(
        scheme=nw.lit(str(options.get("scheme", "naics"))),
        who=nw.lit(None, nw.String()) if kind == "copatent" else nw.col("participant"),
        bears=nw.lit("class") if kind == "copatent" else nw.col("role"),
    )
    facets = symbols.select("event", "scheme", "symbol", participant="who", role="bears")
    facets = distinct(facets, *facets.collect_schema().names())
    whose = nw.coalesce(nw.col("participant"), nw.col("symbol"))  # a row may name a code and nobody
    name = nw.col("symbol") if kind == "copatent" else nw.concat_str(nw.col("role"), whose, separator=", ")
    return typed(facets.with_columns(facet=name), SOURCE_SCHEMA["facets"])


def _rejects(rows: nw.LazyFrame[Any]) -> list[nw.LazyFrame[Any]]:
    """List the cells that were not understood."""
    cells = {
        "date": (nw.col("date_year").is_null(), "impossible date"),
        "year": (nw.col("own_year").is_null(), "impossible year"),
        "value": (nw.col("amount").is_null(), "not a number"),
        "share": (nw.col("part").is_null(), "not a positive number"),
        "role": (nw.col("known_role").is_null(), "unknown role"),
    }
    lists = [
        rows.filter(~nw.col(column).is_null() & wrong & ~nw.col("duplicate")).with_columns(
            field=nw.lit(column), value=nw.col(column), reason=nw.lit(reason)
        )
        for column, (wrong, reason) in cells.items()
    ]
    return [typed(one, SOURCE_SCHEMA["rejects"]) for one in lists]

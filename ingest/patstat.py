"""PATSTAT: first EPO filings of their families, with inventors' (or applicants') places and symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import applications, brought, ids, joined, opened, tableset, values
from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import Table
from ingest.patstat_rows import Facets, Homes, Rows, compact, fates_of_persons, in_words
from ingest.patstat_tallies import Reasoned, Tallies, reasoned, tallied
from ingest.records import SOURCE_SCHEMA, SourceRows, stack, typed
from ingest.staged import Staged

FORMAT = "patstat"
KIND = "copatent"
OPTIONS: Mapping[str, str] = {
    **opened.OPENING,
    "database": "Read the tables from PostgreSQL, in the place of files: postgresql://user@host:5432/patstat.",
    "of": "Whose places count: 'inventors' (default) or 'applicants'.",
    "auth": "The filing office that counts, 'EP' by default, or 'all'.",
    "facets": "Which symbols carry the sectors: 'nace2', 'techn_field', 'ipc' or 'cpc'; by default the first of "
    "these that is among the files.",
}
#: Option facets → the table and the scheme of its symbols; the tables PATSTAT brings with it come first.
FACETS: Mapping[str, tuple[str, str]] = {
    "nace2": ("tls229", "nace2"),
    "techn_field": ("tls230", "wipo"),
    "ipc": ("tls209", "ipc"),
    "cpc": ("tls224", "cpc"),
}
_NONE: Mapping[str, Any] = MappingProxyType({})


def _layout(name: str, *columns: str, optional: Sequence[str] = (), **symbol: str) -> Layout:
    """Describe a table whose headings are our columns; ``symbol`` has a heading of its own."""
    spellings = {column: (column,) for column in (*columns, *optional)}
    spellings |= {ours: (theirs,) for ours, theirs in symbol.items()}
    return Layout(f"PATSTAT {name}", spellings, frozenset({*columns, *symbol}))


#: The tables by what their files' names hold.
LAYOUTS: Mapping[str, Layout] = {
    "tls201": _layout(
        "tls201_appln",
        *("appln_id", "appln_auth", "appln_filing_year", "docdb_family_id"),
        optional=("appln_nr", "appln_kind", "appln_filing_date"),
    ),
    "tls206": _layout(
        "tls206_person",
        *("person_id", "person_ctry_code"),
        optional=("nuts", "psn_name", "person_name", "person_address"),
    ),
    "tls207": _layout("tls207_pers_appln", "person_id", "appln_id", "applt_seq_nr", "invt_seq_nr"),
    "tls209": _layout("tls209_appln_ipc", "appln_id", symbol="ipc_class_symbol"),
    "tls224": _layout("tls224_appln_cpc", "appln_id", symbol="cpc_class_symbol"),
    "tls229": _layout("tls229_appln_nace2", "appln_id", symbol="nace2_code"),
    "tls230": _layout("tls230_appln_techn_field", "appln_id", symbol="techn_field_nr"),
    "tls901": _layout("tls901_techn_field_ipc", "ipc_maingroup_symbol", "techn_field_nr"),
    "tls902": _layout("tls902_ipc_nace2", "ipc", "nace2_code", optional=("nace2_weight",)),
}
LAYOUT = LAYOUTS["tls201"]
#: What joins the tables, and what joins applications to a family.
IDS = ("appln_id", "person_id", "docdb_family_id")
_SEQUENCE = {"inventors": ("invt_seq_nr", "not an inventor"), "applicants": ("applt_seq_nr", "not an applicant")}
_KEYS = {"tls206": "person_id", "tls901": "ipc_maingroup_symbol", "tls902": "ipc"}


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read co-patents; an application needs a year, an inventor and a symbol to count.

    Of each family the filing with the earliest year counts, then the one with the smallest number. Inventors
    are the persons with an ``invt_seq_nr`` above 0; their region is ``nuts``, else that of the postal code or of
    the city that ends their address. Which table a file holds is told by its name or its headings; tables may
    come in parts, and those that the study does not need are counted and set aside. tls901 and tls902, where
    they are among the files, say which field and industry an IPC or CPC symbol is of, before the project's own
    tables. The weights in tls229 and tls230 are not used: each code of an application is a facet, as each IPC
    symbol is.
    From a database (the option `database`) only the tables and columns that the study needs are read.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        tls201, tls206, tls207 and at least one of tls209, tls224, tls229, tls230.
    columns
        Our column → heading, where an edition's headings differ.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Facets of the scheme ``nace2``, ``wipo``, ``ipc`` or ``cpc``.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used, or a table is missing: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> folder = Path(tempfile.mkdtemp())
    >>> tables = {
    ...     "tls201": "appln_id,appln_auth,appln_filing_year,docdb_family_id\n1,EP,2003,9\n2,EP,2004,9\n",
    ...     "tls206": "person_id,person_ctry_code,nuts\n7,DE,DE212\n",
    ...     "tls207": "person_id,appln_id,applt_seq_nr,invt_seq_nr\n7,1,0,1\n7,2,0,1\n",
    ...     "tls209": "appln_id,ipc_class_symbol\n1,A61K  31/00\n",
    ... }
    >>> for name, text in tables.items():
    ...     _ = (folder / f"{name}.csv").write_text(text)
    >>> engine = DuckDB()
    >>> found = read(engine, sorted(folder.iterdir()))
    >>> found.participants.select("event", "region_code").collect("pyarrow").rows()
    [('1', 'DE212')]
    >>> found.rows.filter(~nw.col("reason").is_null()).sort("file").select("key", "reason").collect("pyarrow").rows()
    [('2', 'not the first filing of its family'), ('2, person 7', 'application set aside')]

    Source: EPO PATSTAT data catalogue; European Cluster Trends, methodology 2014, 3.2.1.
    """
    choices = {"of": tuple(_SEQUENCE), "facets": tuple(FACETS)}
    opened.check_options(options, OPTIONS, choices)
    since = engine.tables
    of, auth = str(options.get("of", "inventors")), str(options.get("auth", "EP"))
    tables = _tables(files, columns, options, root)
    which, scheme = _facet_table(tables, options.get("facets"))
    if "database" in options:  # what the study does not need is not asked for
        needed = {"tls201", "tls206", "tls207", which, *(brought.LINKS if scheme in brought.SCHEMES else ())}
        tables = {name: parts if name in needed else [] for name, parts in tables.items()}
    groups = {name: (name, parts) for name, parts in tables.items()}
    staged = tableset.stage_each(engine, groups, LAYOUTS, columns, IDS)
    links = {
        name: brought.linked(engine, staged[name].frame, link)
        for name, link in brought.LINKS.items()
        if name in staged and scheme in brought.SCHEMES
    }
    used_tables = ("tls201", "tls206", "tls207", which)
    write, frames = ids.told_apart({name: staged[name] for name in used_tables}, IDS)
    event = write["appln_id"]

    once = not values.repeats(frames["tls201"], ["appln_id"])
    before = engine.tables
    filings = engine.keep(_filings(engine, frames["tls201"], auth, once))
    filings = engine.keep(_first_of_family(filings, event, write["docdb_family_id"]))
    engine.forget(before, [filings])
    roles = _roles(engine, frames["tls207"], staged["tls207"], of)
    symbols = _symbols(frames[which], staged[which].filled)
    known = _known(filings, once)
    tallies = Tallies.beside(engine, known, tallied(engine, roles), tallied(engine, symbols))
    fate = tallies.fate
    used = engine.keep(applications.used_events(fate))
    persons = _placed(_persons(frames["tls206"]), of)
    homes = Homes.of(engine, persons, of)
    pairs = applications.used_rows(roles.frame).join(used, on="event").select("event", "person_id")
    pairs = engine.keep(homes.beside(pairs if roles.once else pairs.unique()))
    alone = [*links.values(), *(one.rows for one in staged.values())]
    for name in sorted(set(staged) - set(used_tables) - set(links)):
        one = replace(staged[name], frame=ids.as_text(staged[name]))
        alone += applications.not_used(engine, one, _KEYS.get(name, "appln_id"))[:1]
    rows = Rows(
        filings=filings,
        roles=roles.frame,
        symbols=symbols.frame,
        persons=persons,
        alone=stack([typed(part, SOURCE_SCHEMA["rows"]) for part in alone]),
        fate=fate,
        fate_of_persons=fates_of_persons(engine, roles.frame, pairs, fate, of),
        of=of,
        event=event.text,
        person=write["person_id"].text,
    )
    used_symbols = applications.used_rows(symbols.frame).join(used, on="event")
    facets = Facets.of(engine, used_symbols, scheme, staged[which].texts.get("symbol"))
    firsts = applications.used_rows(filings).join(used, on="event")
    events = engine.keep(_events(firsts, once))
    found = compact(engine, rows, tallies, pairs, homes, events, facets, since)
    inputs = pd.concat([one.inputs for one in staged.values()], ignore_index=True)
    rejects = [
        _rejects(filings, event.text),
        *(one.rejects for one in staged.values()),
        *(part for name, rows in links.items() for part in brought.rejects(rows, brought.LINKS[name])),
    ]
    concordances = {
        brought.LINKS[name].argument: brought.concordance(rows, brought.LINKS[name]) for name, rows in links.items()
    }
    return in_words(engine, rows, found, stack(rejects), inputs, concordances)


def _tables(
    files: Sequence[Path], columns: Mapping[str, str], options: Mapping[str, object], root: Path | None
) -> dict[str, list[Table]]:
    """Find the tables: among files, or in a database."""
    if "database" not in options:
        by_hand = {name: str(options[name]) for name in opened.OPENING if name in options}
        return tableset.sort_out(files, LAYOUTS, columns=columns, root=root, **by_hand)
    from ingest import postgres

    if files:
        mend = "remove files, or name them in a source of their own"
        raise BadInput(Fault("study.toml", None, "files beside database", "either files or a database", mend))
    return postgres.sort_out(str(options["database"]), LAYOUTS, columns)


def _facet_table(tables: Mapping[str, Sequence[Table]], option: object) -> tuple[str, str]:
    """Choose the table of symbols; refuse a set of files that lacks a table."""
    wanted = FACETS if option is None else {str(option): FACETS[str(option)]}
    found = [pair for pair in wanted.values() if tables[pair[0]]]
    missing = [f"the table {LAYOUTS[n].name}" for n in ("tls201", "tls206", "tls207") if not tables[n]]
    if not found:
        missing.append(f"one of the tables {', '.join(LAYOUTS[name].name for name, _ in wanted.values())}")
    if missing:
        mend = "add it to `files` of the source"
        raise BadInput(Fault("study.toml", None, "files", what, mend) for what in missing)
    return found[0]


def _first_that_holds(reasons: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return the first reason that holds, null where none does."""
    return nw.coalesce(*(nw.when(holds).then(nw.lit(reason)) for reason, holds in reasons.items()))


def _filings(engine: Engine, frame: nw.LazyFrame[Any], auth: str, once: bool) -> nw.LazyFrame[Any]:
    """Read tls201: which applications count; `once` where each stands in one row."""
    rows = values.lookup(engine, frame, "appln_filing_year", values.parse_year, "when", nw.Int64())
    content = list(LAYOUTS["tls201"].spellings)
    rows = rows.with_columns(duplicate=nw.lit(False)) if once else values.set_aside_duplicates(rows, content)
    office = "not an EPO filing" if auth == "EP" else f"not a filing at {auth}"
    elsewhere = ~(nw.col("appln_auth") == auth).fill_null(False) if auth != "all" else nw.lit(False)
    reasons = {
        "duplicate row": nw.col("duplicate"),
        "no event id": nw.col("appln_id").is_null(),
        office: elsewhere,
        "impossible year": nw.col("when").is_null() & ~nw.col("appln_filing_year").is_null(),
        "no date": nw.col("when").is_null(),
    }
    return rows.select(
        "file",
        "line",
        "when",
        event=nw.col("appln_id"),
        day=nw.col("appln_filing_date"),
        family=nw.col("docdb_family_id"),
        unread=nw.when(nw.col("when").is_null()).then(nw.col("appln_filing_year")),
        reason=_first_that_holds(reasons),
    )


def _first_of_family(rows: nw.LazyFrame[Any], event: ids.Ids, family: ids.Ids) -> nw.LazyFrame[Any]:
    """Set aside all but the earliest filing of each family; 0 and blank are no family."""
    # Numbers in order: 9 before 10, whatever their number of digits.
    order = event.counted(nw.col("when"), nw.col("event"))
    counts = rows.filter(nw.col("reason").is_null(), nw.col("family") != family.literal("0"))
    first = counts.group_by("family").agg(first=order.min())
    later = nw.when(order > nw.col("first")).then(nw.lit("not the first filing of its family"))
    joined = rows.join(first, on="family", how="left")
    return joined.with_columns(reason=nw.coalesce(nw.col("reason"), later)).drop("family", "first")


def _known(filings: nw.LazyFrame[Any], once: bool) -> nw.LazyFrame[Any]:
    """List the applications that tls201 describes, in how many of their rows they count, and whether they do."""
    counts = nw.when(nw.col("reason").is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
    own = filings.filter(~nw.col("event").is_null()).select("event", filed=counts)
    known = own if once else own.group_by("event").agg(nw.col("filed").sum())
    return known.with_columns(counted=nw.col("filed") > 0)


def _roles(engine: Engine, frame: nw.LazyFrame[Any], staged: Staged, of: str) -> Reasoned:
    """Read tls207: who took which part in which application."""
    sequence, reason = _SEQUENCE[of]
    rows = frame
    if sequence in staged.texts:
        taken = nw.col(sequence).is_in([text for text in sorted(staged.texts[sequence]) if _is_place(text)])
    else:
        rows = values.lookup(engine, frame, sequence, values.parse_number, "place", nw.Float64())
        taken = nw.col("place") > 0
    reasons = {
        "no event id": nw.col("appln_id").is_null() if "appln_id" not in staged.filled else None,
        "no person": nw.col("person_id").is_null() if "person_id" not in staged.filled else None,
        reason: ~taken.fill_null(False),
    }
    columns = ("file", "line", "person_id", "event")
    return reasoned(rows, list(LAYOUTS["tls207"].spellings), ["person_id", "appln_id"], reasons, columns)


def _is_place(text: str) -> bool:
    """Tell a place in the order of inventors or applicants from 0: no place among them."""
    return (values.parse_number(text) or 0) > 0


def _symbols(frame: nw.LazyFrame[Any], filled: frozenset[str]) -> Reasoned:
    """Read the table of symbols."""
    reasons = {
        "no event id": nw.col("appln_id").is_null() if "appln_id" not in filled else None,
        "no symbol": nw.col("symbol").is_null() if "symbol" not in filled else None,
    }
    return reasoned(frame, ["appln_id", "symbol"], (), reasons, ("file", "line", "symbol", "event"))


def _persons(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Read tls206: one row a person."""
    content = [column for column in LAYOUTS["tls206"].spellings if column != "person_id"]
    return joined.one_each(frame, "person_id", sorted(content))


def _placed(persons: nw.LazyFrame[Any], of: str) -> nw.LazyFrame[Any]:
    """Bring a person's place into the columns of places; inventors' names are not needed."""
    name = nw.coalesce(nw.col("psn_name"), nw.col("person_name")) if of == "applicants" else nw.lit(None, nw.String())
    return persons.select(
        *("file", "line", "person_id", "reason"),
        name=name,
        region_code=nw.col("nuts"),
        postcode=nw.when(nw.col("nuts").is_null()).then(_postcode_of_address()),
        city=nw.when(nw.col("nuts").is_null()).then(_city_of_address()),
        country=nw.col("person_ctry_code"),
    )


def _events(used: nw.LazyFrame[Any], once: bool) -> nw.LazyFrame[Any]:
    """List the applications that count, one row each; `once` where each stands in one row."""
    first = used.select("event", "when", "day", "file")
    if not once:
        first = first.group_by("event").agg(nw.col("when", "day", "file").min())
    iso = nw.col("day").str.slice(0, 10)
    fits = nw.col("day").str.slice(0, 4) == nw.col("when").cast(nw.String())
    return first.select("event", "file", date=nw.when(fits).then(iso), year=nw.col("when"))


def _end_of_address() -> nw.Expr:
    """Take what ends an address: "22 Street, D-80331 München (DE)" gives D-80331 München."""
    return nw.col("person_address").str.replace_all(r"\s*\([A-Z]{2}\)\s*$", "").str.replace_all(r"^.*,\s*", "")


def _postcode_of_address() -> nw.Expr:
    """Take the code before the city, D-80331 of the same; one that stands behind it stays with the city."""
    end = _end_of_address()
    return nw.when(end.str.contains(r"^([A-Z]{1,2}-)?\d")).then(end.str.replace_all(r"\s+[^\d]*$", ""))


def _city_of_address() -> nw.Expr:
    """Take the city that ends an address: "22 Street, D-80331 München (DE)" gives München."""
    city = _end_of_address().str.replace_all(r"^([A-Z]{1,2}-)?\d[\d ]*[A-Z]{0,2}\s+", "")
    return nw.when(city != "").then(city)


def _rejects(filings: nw.LazyFrame[Any], text: Callable[[nw.Expr], nw.Expr]) -> nw.LazyFrame[Any]:
    """List the years that were not understood."""
    wrong = filings.filter(nw.col("reason") == "impossible year")
    listed = wrong.with_columns(key=text(nw.col("event")), field=nw.lit("appln_filing_year"), value=nw.col("unread"))
    return typed(listed, SOURCE_SCHEMA["rejects"])

"""EUREKA's list of individual projects: a row a participant, or all participants of a project in one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from ingest import agreements, entries, values
from ingest.columns import Layout
from ingest.engine import Engine, distinct
from ingest.opened import OPENING, Opened, check_options, opened
from ingest.parties import ROW, assemble, facets_of, nothing, party
from ingest.records import SOURCE_SCHEMA, SourceRows, stack, typed

FORMAT = "eureka"
KIND = "alliance"
FORM = "innovation network"
OPTIONS: Mapping[str, str] = {
    **OPENING,
    "date": "Which date counts: 'start' (default) or 'end'.",
    "status": "The statuses that count, or 'all'; by default all but proposed, rejected, unlabelled "
    "and withdrawn projects.",
    "sector_from": "'participant': the codes of the participants; 'area': the technological and the market "
    "area, as labels; by default participants' codes, and the areas of projects none of whose participants has one.",
    "scheme": "The classification of the codes in a column named as columns.code: 'sic' unless set.",
}

#: A project with one of these words in its status has no label: the work was not taken up under EUREKA.
NOT_TAKEN_UP = (
    "withdrawn",
    "unlabelled",
    "unlabeled",
    "not labelled",
    "rejected",
    "cancel",
    "propos",
    "abandon",
)
#: The cells that may stand only on a project's first row.
PROJECT = ("number", "acronym", "title", "start", "end", "status", "technology", "market", "cost")
AREAS = {"technology": "technological area", "market": "market area"}
#: A participant's cells beside its name, and what their headings end with.
BESIDE = {
    "country": ("Country",),
    "city": ("City", "Town"),
    "postcode": ("Postcode", "Postal Code", "Zip Code", "Zip"),
    "code": (),
    "naics": ("NAICS Code", "NAICS", "NAICS 2017", "NAICS 2012"),
    "sic": ("SIC Code", "SIC", "Primary SIC Code", "Primary SIC"),
    "nace2": ("NACE Rev. 2", "NACE Rev. 2 Code", "NACE 2", "NACE Code", "NACE"),
    "nace1": ("NACE Rev. 1.1", "NACE Rev. 1.1 Code", "NACE Rev. 1", "NACE 1.1"),
}
CODES = ("code", "naics", "sic", "nace2", "nace1")
#: The most participants that a row may name in columns of their own.
MOST = 40
#: What a participant is called in a heading.
WHO = ("Organisation", "Participant", "Partner")
_NONE: Mapping[str, Any] = MappingProxyType({})


def _ours(field: str, number: int) -> str:
    """Name our column for a cell of a row's participant."""
    return field if number == 1 else f"{field}_{number}"


NAMES = tuple(_ours("organisation", number) for number in range(1, MOST + 1))
#: The columns of the other participants' names, and of what stands beside every name.
BESIDE_IT = (*NAMES[1:], *(_ours(field, number) for number in range(1, MOST + 1) for field in BESIDE))


def _participant(number: int) -> dict[str, tuple[str, ...]]:
    """Name the headings of the participant that a row names in columns with a number."""
    who = [f"{who} {number}" for who in WHO]
    found = {_ours("organisation", number): tuple(f"{one}{end}" for one in who for end in ("", " Name"))}
    for field, (first, *more) in ((field, ends) for field, ends in BESIDE.items() if ends):
        numbered = [f"{one} {end}" for one in who for end in (first, *more[:1])]
        found[_ours(field, number)] = (*numbered, f"{first} {number}")
    return found


def _participants() -> dict[str, tuple[str, ...]]:
    """Name the headings of all participants; those of the first may also stand without a number."""
    plain: dict[str, tuple[str, ...]] = {
        "organisation": tuple(f"{who}{end}" for who in (*WHO, "Organization", "Company") for end in ("", " Name"))
    }
    for field, ends in BESIDE.items():
        plain[field] = (*ends, *(f"{who} {end}" for who in WHO for end in ends))
    first = {ours: (*theirs, *_participant(1).get(ours, ())) for ours, theirs in plain.items()}
    others = (_participant(number) for number in range(2, MOST + 1))
    return {**first, **{ours: theirs for one in others for ours, theirs in one.items()}}


LAYOUT = Layout(
    name="EUREKA projects",
    spellings={
        "number": ("Project Number", "Project ID", "Project No", "Project", "EUREKA Number", "Reference"),
        "acronym": ("Acronym", "Project Acronym"),
        "title": ("Title", "Project Title"),
        "start": ("Start", "Start Date", "Project Start", "Project Start Date", "Start Year"),
        "end": ("End", "End Date", "Project End", "Project End Date", "End Year"),
        "status": ("Status", "Project Status"),
        "technology": ("Technological Area", "Technology Area", "Main Technological Area", "Technology"),
        "market": ("Market Area", "Market Application Area", "Main Market Area", "Market"),
        "cost": (
            "Total Cost (M€)",
            "Total Cost (MEUR)",
            "Total Cost (EUR mn)",
            "Budget (MEUR)",
            "Cost (MEUR)",
        ),
        **_participants(),
    },
    required=frozenset({"number", "start", "organisation"}),
)


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read individual projects; each has its partners as participants.

    A project's own cells may be repeated on the row of each participant or stand on the first only;
    participants may also be named on lines of one cell, or in up to 40 numbered columns. Projects of fewer
    than two participants are set aside, and so are those without a label, unless the option `status` says
    otherwise. EUREKA gives no industry: sectors come from a column of participants' codes (SIC, NACE or
    NAICS), and where no participant of a project has one from its technological and market area, which the
    study's labels turn into NAICS.

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
        Values in millions of euros.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> text = "Project Number,Start,Organisation,SIC\n5012,2009-03-01,Acme,2834\n,,Beta,3845\n"
    >>> path = Path(tempfile.mkdtemp()) / "projects.csv"
    >>> _ = path.write_text(text)
    >>> facets = read(DuckDB(), [path]).facets.select("event", "scheme", "symbol")
    >>> facets.sort("symbol").collect("pandas").rows()
    [('5012', 'sic', '2834'), ('5012', 'sic', '3845')]

    Source: European Cluster Trends, methodology 2014, 3.2.3.
    """
    choices = {"date": ("start", "end"), "sector_from": ("participant", "area")}
    check_options(options, OPTIONS, choices)
    date = str(options.get("date", "start"))
    layout = replace(LAYOUT, required=LAYOUT.required - {"start"} | {date})
    given = opened(engine, files, layout, (*PROJECT, "organisation"), columns=columns, options=options, root=root)
    rows = _projects(engine, given, date)
    rows = agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_TAKEN_UP))
    parties, lists = _parties(engine, given, agreements.used_rows(rows), str(options.get("scheme", "sic")))
    rows, parties = agreements.without_partner(engine, rows, parties)
    return assemble(
        engine,
        given.staged,
        kind=KIND,
        rows=rows,
        parties=parties,
        rejects=[*agreements.rejects_of(rows, date), *lists],
        facets=_facets(engine, rows, parties, options.get("sector_from")),
    )


def _projects(engine: Engine, given: Opened, date: str) -> nw.LazyFrame[Any]:
    """Bring the cells into the rows of :mod:`ingest.agreements`."""
    rows = agreements.fill_down(engine, given, PROJECT, "organisation")
    rows = values.set_aside_duplicates(rows, [*PROJECT, "organisation", *given.only(BESIDE_IT)])
    rows = agreements.dated(engine, rows.with_columns(when=nw.col(date)))
    title = nw.coalesce(nw.col("acronym"), nw.col("title"))
    when = nw.coalesce(nw.col("iso"), nw.col("when"))
    event = agreements.known_as(nw.col("number"), title, when)
    rows = rows.with_columns(
        event=event, state=nw.col("status"), amount=nw.col("cost"), currency=nw.lit("EUR mn"), form=nw.lit(FORM)
    )
    acronym = nw.when(~nw.col("number").is_null()).then(nw.col("acronym"))
    number = nw.concat_str(nw.lit("Project "), nw.col("event").fill_null("without number"))
    key = nw.concat_str(number, acronym, separator=" ", ignore_nulls=True)
    names = [nw.col(name) for name in ("organisation", *given.only(NAMES[1:]))]
    others = nw.all_horizontal(*(name.is_null() for name in names[1:]), nw.lit(True), ignore_nulls=True)
    name = nw.when(others & ~entries.several("organisation")).then(names[0])
    return rows.with_columns(
        event_key=key,
        key=nw.concat_str(key, name, separator=", ", ignore_nulls=True),
        aside=nw.coalesce(
            nw.when(nw.col("event").is_null()).then(nw.lit("no event id")),
            nw.when(others & names[0].is_null()).then(nw.lit("no participant name")),
        ),
    ).drop("first", "last")


def _members(given: Opened, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Give each participant that a row names in columns of its own a row of its own."""
    members = []
    for number in range(1, MOST + 1):
        if _ours("organisation", number) not in given.filled:
            continue
        fields = {field: _ours(field, number) for field in ("organisation", *BESIDE)}
        cells = {field: nw.col(column) if column in given.filled else nothing() for field, column in fields.items()}
        found = rows.select("file", "line", "key", "event", **cells)
        members.append(found.filter(~nw.col("organisation").is_null()))
    return stack(members)


def _parties(
    engine: Engine, given: Opened, rows: nw.LazyFrame[Any], scheme: str
) -> tuple[nw.LazyFrame[Any], list[nw.LazyFrame[Any]]]:
    """List the partners of each project, and the cells rejected."""
    members, rejects, _ = entries.spread(engine, engine.keep(_members(given, rows)), "organisation", list(BESIDE))
    named = members.filter(~nw.col("organisation").is_null())
    schemes = {"code": scheme, "naics": "naics", "sic": "sic", "nace2": "nace2", "nace1": "nace1"}
    told = party("partner", "organisation", {part: part for part in BESIDE if part not in schemes}, schemes)
    return engine.keep(named.select(*ROW, **told)), rejects


def _facets(
    engine: Engine, rows: nw.LazyFrame[Any], parties: nw.LazyFrame[Any], sector_from: object
) -> nw.LazyFrame[Any]:
    """List what carries the sectors: participants with a code, and the areas of projects without any such."""
    if sector_from == "area":
        return _areas(rows)
    coded_ones = facets_of(parties)
    if sector_from == "participant":
        return coded_ones
    named = engine.keep(distinct(coded_ones, "event"))
    return stack([coded_ones, _areas(rows).join(named, on="event", how="anti")])


def _areas(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List the technological and the market area of each project as facets of its own."""
    found = []
    for column, name in AREAS.items():
        used = agreements.used_rows(rows).group_by("event").agg(nw.col(column).min().alias("symbol"))
        used = used.filter(~nw.col("symbol").is_null()).with_columns(
            facet=nw.lit(name),
            participant=nothing(),
            role=nw.lit("partner"),
            scheme=nw.lit("label"),
        )
        found.append(typed(used, SOURCE_SCHEMA["facets"]))
    return stack(found)

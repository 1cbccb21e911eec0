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
from ingest.engine import Engine
from ingest.parties import PARTY, assemble, coded, identified
from ingest.records import SOURCE_SCHEMA, SourceRows, stack, typed

FORMAT = "eureka"
KIND = "alliance"
OPTIONS: Mapping[str, str] = {
    **agreements.OPENING,
    "date": "Which date counts: 'start' (default) or 'end'.",
    "status": "The statuses that count, or 'all'; by default all but proposed, rejected, unlabelled "
    "and withdrawn projects.",
    "sector_from": "'participant': the codes of the participants; 'area': the technological and the market "
    "area, as labels; by default participants' codes where the files have any.",
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
PROJECT = ("number", "acronym", "title", "start", "end", "status", "technology", "market", "value")
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
#: The most participants that a row may name in columns of their own.
MOST = 20
_WHO = ("Organisation", "Organization", "Participant", "Partner", "Company")
_NONE: Mapping[str, Any] = MappingProxyType({})


def _participant(number: int) -> dict[str, tuple[str, ...]]:
    """Name the headings of a row's participant; those of the first may also stand without a number."""
    bare = [f"{who} {number}" for who in _WHO]
    who = [*_WHO, *bare] if number == 1 else bare
    ours = "organisation" if number == 1 else f"organisation_{number}"
    found = {ours: tuple(f"{one}{end}" for end in ("", " Name") for one in who)}
    for field, ends in BESIDE.items():
        plain = list(ends) if number == 1 else []
        numbered = [f"{end} {number}" for end in ends] + [
            f"{one} {end} {number}" for one in _WHO for end in ends
        ]
        ours = field if number == 1 else f"{field}_{number}"
        found[ours] = tuple([f"{one} {end}" for one in who for end in ends] + plain + numbered)
    return found


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
        "value": (
            "Total Cost (M€)",
            "Total Cost (MEUR)",
            "Total Cost (EUR mn)",
            "Budget (MEUR)",
            "Cost (MEUR)",
        ),
        **{ours: theirs for number in range(1, MOST + 1) for ours, theirs in _participant(number).items()},
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
    participants may also be named on lines of one cell, or in up to 20 numbered columns. Projects of fewer
    than two participants are set aside, and so are those without a label, unless the option `status` says
    otherwise. EUREKA gives no industry: sectors come from a column of participants' codes (SIC, NACE or
    NAICS), else from the technological and the market area, which the study's labels turn into NAICS.

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
    agreements.check_options(
        options, OPTIONS, {"date": ("start", "end"), "sector_from": ("participant", "area")}
    )
    date = str(options.get("date", "start"))
    layout = replace(LAYOUT, required=LAYOUT.required - {"start"} | {date})
    staged = agreements.opened(engine, files, layout, columns, options, root)
    rows = _projects(engine, staged.frame, date)
    rows = engine.keep(
        agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_TAKEN_UP))
    )
    members = engine.keep(_members(agreements.used_rows(rows)))
    parties = engine.keep(_parties(engine, members, str(options.get("scheme", "sic"))))
    rows = agreements.without_partner(rows, parties)
    lists = entries.out_of_step(engine, members, "organisation", list(BESIDE))
    by_area = options.get("sector_from", None if _has_codes(parties) else "area") == "area"
    return assemble(
        engine,
        staged,
        kind=KIND,
        rows=rows,
        parties=parties,
        rejects=[agreements.rejects_of(rows, date), lists],
        facets=_areas(rows) if by_area else None,
    )


def _names(fields: Sequence[str] | Mapping[str, Any], most: int) -> list[str]:
    """Name the columns of a row's participants."""
    return [field if n == 1 else f"{field}_{n}" for n in range(1, most + 1) for field in fields]


def _projects(engine: Engine, cells: nw.LazyFrame[Any], date: str) -> nw.LazyFrame[Any]:
    """Bring the cells into the rows of :mod:`ingest.agreements`."""
    named = _names(("organisation", *BESIDE), MOST)
    rows = engine.keep(agreements.fill_down(entries.unix(cells, named), PROJECT))
    rows = values.set_aside_duplicates(rows, [*PROJECT, *named])
    rows = agreements.dated(engine, rows.with_columns(when=nw.col(date)))
    title = nw.coalesce(nw.col("acronym"), nw.col("title"))
    event = agreements.known_as(
        nw.col("number"), title, nw.coalesce(nw.col("iso"), nw.col("when")), "organisation"
    )
    rows = rows.with_columns(
        event=event, state=nw.col("status"), amount=nw.col("value"), currency=nw.lit("EUR mn")
    )
    number = nw.concat_str(nw.lit("Project "), nw.col("event").fill_null("without number"))
    acronym = nw.when(~nw.col("number").is_null()).then(nw.col("acronym"))
    rows = rows.with_columns(event_key=nw.concat_str(number, acronym, separator=" ", ignore_nulls=True))
    single = nw.col("organisation_2").is_null() & ~nw.col("organisation").str.contains("\n", literal=True)
    name = nw.when(single).then(nw.col("organisation"))
    nobody = nw.all_horizontal(
        *(nw.col(c).is_null() for c in _names(("organisation",), MOST)), ignore_nulls=True
    )
    return rows.with_columns(
        key=nw.concat_str(nw.col("event_key"), name, separator=", ", ignore_nulls=True),
        aside=nw.coalesce(
            nw.when(nw.col("event").is_null()).then(nw.lit("no event id")),
            nw.when(nobody).then(nw.lit("no participant name")),
        ),
    )


def _members(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Give each participant that a row names in columns of its own a row of its own."""
    row = ["file", "line", "key", "event"]
    members = []
    for number in range(1, MOST + 1):
        end = "" if number == 1 else f"_{number}"
        fields = {field: nw.col(f"{field}{end}") for field in ("organisation", *BESIDE)}
        members.append(rows.select(*row, **fields).filter(~nw.col("organisation").is_null()))
    return stack(members)


def _parties(engine: Engine, members: nw.LazyFrame[Any], scheme: str) -> nw.LazyFrame[Any]:
    """List the partners of each project."""
    spread = entries.spread(engine, members, "organisation", list(BESIDE))
    spread = spread.filter(~nw.col("organisation").is_null())
    parties = spread.rename({"organisation": "name"}).with_columns(role=nw.lit("partner"))
    schemes = {"code": scheme, "naics": "naics", "sic": "sic", "nace2": "nace2", "nace1": "nace1"}
    return coded(identified(parties), schemes).select(*PARTY)


def _has_codes(parties: nw.LazyFrame[Any]) -> bool:
    """Tell whether any participant has a code."""
    return len(parties.filter(~nw.col("symbol").is_null()).head(1).collect("pyarrow")) > 0


def _areas(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List the technological and the market area of each project as facets of its own."""
    found = []
    for column, name in AREAS.items():
        used = agreements.used_rows(rows).group_by("event").agg(nw.col(column).min().alias("symbol"))
        used = used.filter(~nw.col("symbol").is_null()).with_columns(
            facet=nw.lit(name),
            participant=nw.lit(None, dtype=nw.String()),
            role=nw.lit("partner"),
            scheme=nw.lit("label"),
        )
        found.append(typed(used, SOURCE_SCHEMA["facets"]))
    return stack(found)

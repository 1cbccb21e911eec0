"""CORDIS: projects of the European framework programmes and the organisations that take part in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import agreements, applications, joined, tableset, values
from ingest.columns import Layout
from ingest.engine import Engine, distinct
from ingest.faults import BadInput, Fault
from ingest.files import Table
from ingest.number_style import read_numbers
from ingest.opened import OPENING, check_options
from ingest.parties import ROW, events_of, facets_of, nothing, participants_of, party
from ingest.records import SOURCE_SCHEMA, SourceRows, stack, typed
from ingest.staged import Staged

FORMAT = "cordis"
KIND = "alliance"
FORM = "innovation network"
OPTIONS: Mapping[str, str] = {
    **OPENING,
    "date": "Which date counts: 'start' (default), 'end' or 'signed'.",
    "value": "What a project is worth: its 'cost' (default) or the Union's 'contribution', in euros.",
    "status": "The statuses that count, or 'all'; by default all but terminated ones.",
    "roles": "The roles of organisations that count, as coordinator or participant; by default all.",
    "ended": "'keep' (default): who left before the end took part; 'drop': did not.",
    "sector_from": "'field': the fields of science of the project, as labels; 'participant': a column of codes "
    "named by columns.code; by default participants' codes where the files have any.",
    "depth": "How many steps into EuroSciVoc a label goes, 2 by default: computer and information sciences.",
    "scheme": "The classification of the codes in columns.code: 'nace2' unless set.",
}
#: A project with one of these words in its status did not run to its end.
NOT_RUN = ("terminated", "cancel", "withdrawn", "rejected")
DATES = {"start": "start", "end": "end", "signed": "signed"}
AMOUNTS = {"cost": ("cost", "contribution"), "contribution": ("contribution",)}
#: Cells that are the project's own.
PROJECT = ("acronym", "status", *DATES, "cost", "contribution")
PLACE = ("region_code", "postcode", "city", "country")

#: The tables by what their files' names hold; those that carry only `project` are counted and not used.
LAYOUTS: Mapping[str, Layout] = {
    "organi": Layout(
        "CORDIS organizations",
        {
            "project": ("projectID", "projectReference", "Project ID"),
            "organisation": ("organisationID", "organizationID", "id", "PIC"),
            "name": ("name", "Organisation Name", "legalName"),
            "role": ("role",),
            "region_code": ("nutsCode", "NUTS3 Code", "nuts3Code"),
            "postcode": ("postCode", "postalCode", "Post Code"),
            "city": ("city",),
            "country": ("country",),
            "vat": ("vatNumber", "VAT Number"),
            "ended": ("endOfParticipation", "Participation Ended"),
            "code": (),
        },
        frozenset({"project", "name"}),
    ),
    "euroscivoc": Layout(
        "CORDIS euroSciVoc",
        {"project": ("projectID",), "path": ("euroSciVocPath",), "title": ("euroSciVocTitle",)},
        frozenset({"project"}),
        either=(("path", "title"),),
    ),
    **{
        name: Layout(f"CORDIS {name}", {"project": ("projectID", "projectReference")}, frozenset({"project"}))
        for name in (
            "topic",
            "legalbasis",
            "weblink",
            "webitem",
            "policypriorit",
            "report",
            "deliverable",
            "publication",
        )
    },
    "project": Layout(
        "CORDIS projects",
        {
            "project": ("id", "reference", "projectID"),
            "acronym": ("acronym", "projectAcronym"),
            "status": ("status",),
            "start": ("startDate", "Start Date", "start"),
            "end": ("endDate", "End Date", "end"),
            "signed": ("ecSignatureDate",),
            "cost": ("totalCost", "Total Cost"),
            "contribution": ("ecMaxContribution", "EC Max Contribution"),
        },
        frozenset({"project"}),
        either=(("start", "end", "signed"),),
    ),
}
LAYOUT = LAYOUTS["organi"]
_NONE: Mapping[str, Any] = MappingProxyType({})


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read projects; each has its organisations as partners.

    Which table a file holds is told by its name and headings; files of several programmes may be put together,
    and the archives that CORDIS delivers are read as they are. Projects of fewer than two organisations are set
    aside, and so are terminated ones unless the option `status` says otherwise. An organisation is known by its
    number (PIC), else its VAT number, else by name and country; its place is its NUTS code, else its postcode and
    city. CORDIS gives no industry: sectors come from the project's fields of science, which the study's labels
    turn into NAICS, or from a column of codes that the user has added to the organisations.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        Projects and organisations, and EuroSciVoc for the fields; the other tables of an archive are counted.
    columns
        Our column → heading, where an edition's headings differ.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Values in euros.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used, or a table is missing: every fault at once.

    Notes
    -----
    Tables of H2020 and Horizon Europe: ``project.csv`` (id, acronym, status, startDate, endDate, totalCost …),
    ``organization.csv`` (projectID, organisationID, vatNumber, name, activityType, postCode, city, country, nutsCode,
    role, ecContribution, endOfParticipation …) and ``euroSciVoc.csv`` (projectID, euroSciVocPath, euroSciVocTitle),
    cells between semicolons and in quotation marks. Editions before 2021, FP7 among them, call the organisation's
    number `id` and the project `projectReference`, and have no NUTS codes. Both were seen in public code that reads
    them. Numbers may have a decimal comma. `ecContribution`, `activityType` and `geolocation` are not used.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> folder = Path(tempfile.mkdtemp())
    >>> tables = {
    ...     "project": "id;status;startDate\n9;SIGNED;2016-03-01\n",
    ...     "organization": "projectID;organisationID;name;nutsCode\n9;1;Acme;DE212\n9;2;Beta;FR101\n",
    ...     "euroSciVoc": "projectID;euroSciVocPath\n9;/natural sciences/biological sciences/botany\n",
    ... }
    >>> for name, text in tables.items():
    ...     _ = (folder / f"{name}.csv").write_text(text)
    >>> found = read(DuckDB(), sorted(folder.iterdir()))
    >>> found.participants.select("event", "name", "region_code").sort("name").collect("pyarrow").rows()
    [('9', 'Acme', 'DE212'), ('9', 'Beta', 'FR101')]
    >>> found.facets.select("scheme", "symbol").collect("pyarrow").rows()
    [('label', 'biological sciences')]

    Source: European Cluster Trends, methodology 2014, 3.2.3.
    """
    choices: dict[str, Sequence[object]] = {
        **{"date": tuple(DATES), "value": tuple(AMOUNTS), "ended": ("keep", "drop")},
        **{"sector_from": ("participant", "field"), "depth": range(1, 9)},
    }
    check_options(options, OPTIONS, choices)
    by_hand = {name: str(options[name]) for name in OPENING if name in options}
    tables = tableset.sort_out(files, LAYOUTS, columns=columns, root=root, **by_hand)
    _check_tables(tables)
    staged = tableset.stage_each(engine, {name: (name, parts) for name, parts in tables.items()}, LAYOUTS, columns)
    projects = engine.keep(_projects(engine, staged["project"].frame, options))
    rows = _organisations(engine, staged["organi"].frame, projects, options)
    rows = agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_RUN))
    parties = _parties(engine, agreements.used_rows(rows), str(options.get("scheme", "nace2")))
    rows, parties = agreements.without_partner(engine, rows, parties)
    coded_by = options.get("sector_from", "participant" if _any(rows, "code") else "field")
    fields = staged.get("euroscivoc") if coded_by == "field" else None
    told = None if fields is None else _fields(engine, fields, rows, int(str(options.get("depth", 2))))
    if told is not None:
        facets = _labels(told)
    else:
        facets = facets_of(parties if coded_by == "participant" else parties.with_columns(symbol=nothing()))
    parts = [typed(part, SOURCE_SCHEMA["rows"]) for part in (rows, _project_rows(engine, projects, rows))]
    parts += [] if told is None else [typed(told, SOURCE_SCHEMA["rows"])]
    parts += [one.rows for one in staged.values()]
    for name, one in staged.items():
        if name not in ("organi", "project") and one is not fields:
            parts += applications.not_used(engine, one, "project")[:1]
    return SourceRows(
        rows=engine.keep(stack(parts)),
        rejects=engine.keep(stack([_rejects(projects, options), *(one.rejects for one in staged.values())])),
        events=engine.keep(events_of(rows, KIND)),
        participants=engine.keep(participants_of(parties)),
        facets=engine.keep(facets),
        inputs=pd.concat([one.inputs for one in staged.values()], ignore_index=True),
    )


def _check_tables(tables: Mapping[str, Sequence[Table]]) -> None:
    """Refuse a set of files that lacks the projects or the organisations."""
    missing = [LAYOUTS[name].name for name in ("project", "organi") if not tables[name]]
    if missing:
        mend = "add it to `files` of the source"
        raise BadInput(Fault("study.toml", None, "files", f"the table {name}", mend) for name in missing)


def _date(options: Mapping[str, object]) -> str:
    return DATES[str(options.get("date", "start"))]


def _projects(engine: Engine, frame: nw.LazyFrame[Any], options: Mapping[str, object]) -> nw.LazyFrame[Any]:
    """Read the projects, one row each chosen: its date, its status, its worth."""
    rows = joined.one_each(frame, "project", PROJECT)
    reason = nw.when(nw.col("project").is_null()).then(nw.lit("no event id")).otherwise(nw.col("reason"))
    rows = agreements.dated(engine, rows.with_columns(when=nw.col(_date(options)), reason=reason))
    amounts = AMOUNTS[str(options.get("value", "cost"))]
    rows = rows.with_columns(amount=nw.coalesce(*(nw.col(column) for column in amounts)))
    return read_numbers(engine, rows, "amount", "worth")


def role_reader(kept: object) -> Callable[[str], str | None]:
    """Return a reader that gives a role's reason for setting aside, or None where its organisation counts.

    Examples
    --------
    >>> read = role_reader(["coordinator", "participant"])
    >>> read("Coordinator"), read("thirdParty")
    (None, 'role: thirdparty')
    """
    named = {str(one).strip().lower() for one in (kept if isinstance(kept, (list, tuple)) else [kept])}

    def read(text: str) -> str | None:
        role = text.strip().lower()
        return None if kept is None or named & {role, "all"} else f"role: {role or 'none'}"

    return read


def _organisations(
    engine: Engine, frame: nw.LazyFrame[Any], projects: nw.LazyFrame[Any], options: Mapping[str, object]
) -> nw.LazyFrame[Any]:
    """Bring the organisations, with what is known of their projects, into the rows of :mod:`ingest.agreements`."""
    rows = values.set_aside_duplicates(frame, list(LAYOUT.spellings))
    chosen = projects.filter(nw.col("reason").is_null()).select(
        *("project", "acronym", "when", "iso", "amount"), state=nw.col("status"), known=nw.lit(True)
    )
    rows = rows.join(chosen, on="project", how="left").with_columns(part=nw.col("role").fill_null(""))
    rows = values.lookup(engine, rows, "part", role_reader(options.get("roles")), "role_aside", nw.String())
    left = nw.col("ended").str.to_lowercase().is_in(["true", "yes", "y", "1"])
    dropped = nw.when(left & nw.lit(options.get("ended") == "drop")).then(nw.lit("participation ended"))
    named = nw.concat_str(nw.lit("Project "), nw.col("project").fill_null("without number"))
    key = nw.concat_str(named, nw.col("acronym"), separator=" ", ignore_nulls=True)
    return rows.with_columns(
        event=nw.col("project"),
        event_key=key,
        key=nw.concat_str(key, nw.col("name"), separator=", ", ignore_nulls=True),
        currency=nw.lit("EUR"),
        form=nw.lit(FORM),
        aside=nw.coalesce(
            nw.when(nw.col("project").is_null()).then(nw.lit("no event id")),
            nw.when(nw.col("known").is_null()).then(nw.lit("belongs to no event")),
            nw.when(nw.col("name").is_null()).then(nw.lit("no participant name")),
            nw.col("role_aside"),
            dropped,
        ),
    )


def _parties(engine: Engine, rows: nw.LazyFrame[Any], scheme: str) -> nw.LazyFrame[Any]:
    """List the partners of each project, known by their number."""
    told = party("partner", "name", {part: part for part in PLACE}, {"code": scheme})
    told["participant"] = nw.coalesce(
        nw.concat_str(nw.lit("partner, PIC "), nw.col("organisation")),
        nw.concat_str(nw.lit("partner, VAT "), nw.col("vat")),
        told["participant"],
    )
    parties = rows.select(*ROW, **told)
    # One number may come with several spellings of a name: the first in the alphabet is taken.
    return engine.keep(parties.with_columns(name=nw.col("name").min().over("event", "participant")))


def _any(rows: nw.LazyFrame[Any], column: str) -> bool:
    """Tell whether a column holds anything."""
    return bool(rows.select(nw.col(column).count()).collect("pyarrow")[column].to_list()[0])


def _project_rows(engine: Engine, projects: nw.LazyFrame[Any], rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Account for the projects: used with their organisations, else set aside as they are."""
    settled = joined.settle(projects, joined.fates(engine, rows, ["project"]), {"project": "project"})
    lone = nw.col("reason") == "belongs to no event"
    return settled.with_columns(
        # A project that no organisation is named for was still one.
        event=nw.when(nw.col("reason").is_null() | lone).then(nw.col("project")).otherwise(nw.col("event")),
        reason=nw.when(lone).then(nw.lit("fewer than two participants")).otherwise(nw.col("reason")),
        key=nw.concat_str(nw.lit("Project "), nw.col("project").fill_null("without number")),
    )


def label_of(depth: int) -> Callable[[str], str | None]:
    """Return a reader that takes from a path in EuroSciVoc the step at a depth, or the last where it is shorter.

    Examples
    --------
    >>> read = label_of(2)
    >>> read("/natural sciences/computer and information sciences/software"), read("/humanities"), read("/")
    ('computer and information sciences', 'humanities', None)
    """

    def read(path: str) -> str | None:
        steps = [step.strip() for step in path.split("/") if step.strip()]
        return steps[min(depth, len(steps)) - 1] if steps else None

    return read


def _fields(engine: Engine, staged: Staged, rows: nw.LazyFrame[Any], depth: int) -> nw.LazyFrame[Any]:
    """Read EuroSciVoc: the label of each row, and what becomes of it."""
    fields = values.lookup(engine, staged.frame, "path", label_of(depth), "step", nw.String())
    fields = values.set_aside_duplicates(fields, ["project", "path", "title"])
    fields = fields.with_columns(symbol=nw.coalesce(nw.col("step"), nw.col("title")))
    fields = fields.with_columns(
        key=nw.concat_str("project", "symbol", separator=", ", ignore_nulls=True),
        reason=nw.coalesce(
            nw.when(nw.col("duplicate")).then(nw.lit("duplicate row")),
            nw.when(nw.col("project").is_null()).then(nw.lit("no event id")),
            nw.when(nw.col("symbol").is_null()).then(nw.lit("no symbol")),
        ),
    )
    return engine.keep(joined.settle(fields, joined.fates(engine, rows, ["project"]), {"project": "project"}))


def _labels(fields: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List each field of a project as a facet of its own."""
    used = distinct(agreements.used_rows(fields), "event", "symbol")
    found = used.with_columns(
        facet=nw.col("symbol"), participant=nothing(), role=nw.lit("partner"), scheme=nw.lit("label")
    )
    return typed(found, SOURCE_SCHEMA["facets"])


def _rejects(projects: nw.LazyFrame[Any], options: Mapping[str, object]) -> nw.LazyFrame[Any]:
    """List the dates and amounts of projects that were not understood."""
    named = projects.filter(nw.col("reason").is_null()).with_columns(key=nw.concat_str(nw.lit("Project "), "project"))
    dates = named.filter(~nw.col("when").is_null() & nw.col("iso").is_null())
    dates = dates.with_columns(field=nw.lit(_date(options)), value=nw.col("when"), reason=nw.lit("impossible date"))
    worth = named.filter(~nw.col("amount").is_null() & nw.col("worth").is_null())
    worth = worth.with_columns(field=nw.lit("value"), value=nw.col("amount"), reason=nw.lit("not a number"))
    return stack([typed(frame, SOURCE_SCHEMA["rejects"]) for frame in (dates, worth)])

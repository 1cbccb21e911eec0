"""OECD REGPAT: applications with their inventors' (or applicants') regions and their IPC symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import applications, opened, tableset, values
from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import Table
from ingest.records import SOURCE_SCHEMA, SourceRows, stack, typed
from ingest.staged import Staged

FORMAT = "regpat"
KIND = "copatent"
OPTIONS: Mapping[str, str] = {
    **opened.OPENING,
    "of": "Whose regions count: 'inventors' (default) or 'applicants'.",
    "year": "Which year counts: 'prio_year' (default) or 'app_year'.",
    "office": "Which files count, by their names: 'epo' (default, all but PCT_), 'pct' or 'both'.",
}

_NONE: Mapping[str, Any] = MappingProxyType({})
_PLACE: dict[str, tuple[str, ...]] = {
    "app_nbr": ("app_nbr", "pct_nbr", "appln_nr"),
    "appln_id": ("appln_id",),
    "person_id": ("person_id",),
    "city": ("city",),
    "postal_code": ("postal_code", "postcode"),
    "reg_code": ("reg_code",),
    "ctry_code": ("ctry_code",),
    "reg_share": ("reg_share",),
}


def _people(who: str, share: str) -> Layout:
    """Describe the table of inventors or applicants."""
    spellings = {**_PLACE, "name": (f"{who}_name",), "own_share": (share,)}
    required = frozenset({"appln_id", "person_id", "reg_code", "own_share"})
    return Layout(f"REGPAT {who}_reg", spellings, required, delimiter="|", quoted=False)


#: The tables by what their files' names hold.
LAYOUTS: Mapping[str, Layout] = {
    "inv_reg": _people("inv", "inv_share"),
    "app_reg": _people("app", "app_share"),
    "ipc": Layout(
        "REGPAT IPC",
        {
            "app_nbr": _PLACE["app_nbr"],
            "appln_id": ("appln_id",),
            "prio_year": ("prio_year", "priority_year"),
            "app_year": ("app_year", "appln_year", "filing_year"),
            "symbol": ("IPC", "ipc_class_symbol", "IPC_class"),
        },
        frozenset({"appln_id", "symbol"}),
        delimiter="|",
        quoted=False,
    ),
    "regions": Layout(
        "REGPAT Regions",
        {"reg_code": ("reg_code",), "up_reg_code": ("up_reg_code",)},
        frozenset({"reg_code", "up_reg_code"}),
        delimiter="|",
        quoted=False,
    ),
}
LAYOUT = LAYOUTS["inv_reg"]
_TABLE = {"inventors": "inv_reg", "applicants": "app_reg"}


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read co-patents; an application needs a year, an inventor and an IPC symbol to count.

    Which table a file holds is told by its headings. An inventor's share is ``inv_share`` × ``reg_share``.
    Tables that the study does not need (applicants, regions, PCT files) are counted and set aside.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        ``EPO_Inv_reg``, ``EPO_App_reg``, ``EPO_IPC`` in any parts and order.
    columns
        Our column → heading, where the headings differ: app_nbr, appln_id, person_id, name, city,
        postal_code, reg_code, ctry_code, reg_share, own_share, prio_year, app_year, symbol.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Facets of the scheme ``ipc``.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used, or a table is missing: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> folder = Path(tempfile.mkdtemp())
    >>> people, symbols = folder / "EPO_Inv_reg.txt", folder / "EPO_IPC.txt"
    >>> _ = people.write_text("appln_id|person_id|reg_code|ctry_code|reg_share|inv_share\n1|7|DE212|DE|1|0.5\n")
    >>> _ = symbols.write_text("appln_id|prio_year|app_year|IPC\n1|2003|2004|A61K  31/00\n2|2003|2004|C07D\n")
    >>> read_in = read(DuckDB(), [people, symbols])
    >>> read_in.participants.select("event", "region_code", "share").collect("pyarrow").rows()
    [('1', 'DE212', 0.5)]
    >>> read_in.rows.sort("file", "line").select("event", "reason").collect("pyarrow").rows()
    [('1', None), ('2', 'no inventor'), ('1', None)]

    Source: OECD REGPAT database; European Cluster Trends, methodology 2014, 3.2.1.
    """
    choices = {"of": tuple(_TABLE), "year": ("prio_year", "app_year"), "office": ("epo", "pct", "both")}
    opened.check_options(options, OPTIONS, choices)
    of, year = str(options.get("of", "inventors")), str(options.get("year", "prio_year"))
    sorted_out = _sorted_out(files, columns, options, root)
    counted = {
        name: [t for t in tables if _counts(t, options.get("office", "epo"))] for name, tables in sorted_out.items()
    }
    _complete(counted, _TABLE[of])
    people, symbols, unused = _staged(engine, sorted_out, counted, _TABLE[of], columns)

    classes = engine.keep(_classes(engine, symbols.frame, year))
    persons = engine.keep(_persons(engine, people.frame))
    known = classes.filter(~nw.col("event").is_null()).group_by("event").agg(year=nw.col("when").min())
    fate = applications.fates(engine, known.select("event", counted=~nw.col("year").is_null()), persons, classes)
    persons = engine.keep(applications.settle(persons, fate, of))
    classes = engine.keep(applications.settle(classes, fate, of))
    used = applications.used_rows(classes)
    rows = [typed(part, SOURCE_SCHEMA["rows"]) for part in (persons, classes, people.rows, symbols.rows)]
    return SourceRows(
        rows=stack([*rows, *(frame for one, key in unused for frame in applications.not_used(engine, one, key))]),
        rejects=stack(
            [*_rejects(persons, classes, year), people.rejects, symbols.rejects, *(one.rejects for one, _ in unused)]
        ),
        events=_events(used),
        participants=_participants(applications.used_rows(persons), applications.PEOPLE[of][0]),
        facets=applications.facets(engine, used, "ipc"),
        inputs=pd.concat([people.inputs, symbols.inputs, *(one.inputs for one, _ in unused)], ignore_index=True),
    )


def _sorted_out(
    files: Sequence[Path], columns: Mapping[str, str], options: Mapping[str, object], root: Path | None
) -> dict[str, list[Table]]:
    """Open the files and tell which table each holds."""
    by_hand = {name: str(options[name]) for name in opened.OPENING if name in options}
    symbols, year = LAYOUTS["ipc"], str(options.get("year", "prio_year"))
    layouts = {**LAYOUTS, "ipc": replace(symbols, required=symbols.required | {year})}
    return tableset.sort_out(files, layouts, columns=columns, root=root, **by_hand)


def _counts(table: Table, office: object) -> bool:
    """Tell by its name whether a file is of the office that counts."""
    pct = "pct_" in table.file.rsplit("/", 1)[-1].lower()
    return office == "both" or pct == (office == "pct")


def _complete(counted: Mapping[str, Sequence[Table]], people: str) -> None:
    """Refuse a study that lacks one of the two tables."""
    missing = [name for name in (people, "ipc") if not counted[name]]
    if missing:
        raise BadInput(
            Fault("study.toml", None, "files", f"a file EPO_{name}", "add it to `files` of the source")
            for name in missing
        )


def _staged(
    engine: Engine,
    sorted_out: Mapping[str, Sequence[Table]],
    counted: Mapping[str, Sequence[Table]],
    whose: str,
    columns: Mapping[str, str],
) -> tuple[Staged, Staged, list[tuple[Staged, str]]]:
    """Stage people, symbols, and the tables that are only counted, each with the column its rows are known by."""
    needed = [*counted[whose], *counted["ipc"]]
    groups = {"people": (whose, counted[whose]), "symbols": ("ipc", counted["ipc"])}
    groups |= {name: (name, [t for t in tables if t not in needed]) for name, tables in sorted_out.items()}
    staged = tableset.stage_each(engine, groups, LAYOUTS, columns)
    people, symbols = staged.pop("people"), staged.pop("symbols")
    keys = {"regions": "reg_code"}
    return people, symbols, [(one, keys.get(name, "appln_id")) for name, one in staged.items()]


def _application() -> nw.Expr:
    """Know an application by the office's number, else by its id."""
    return nw.coalesce(nw.col("app_nbr"), nw.col("appln_id")).fill_null("-")


def _classes(engine: Engine, frame: nw.LazyFrame[Any], year: str) -> nw.LazyFrame[Any]:
    """Read the rows of the IPC table."""
    rows = values.lookup(engine, frame, year, values.parse_year, "when", nw.Int64())
    rows = values.set_aside_duplicates(rows, list(LAYOUTS["ipc"].spellings))
    reasons = {
        "duplicate row": nw.col("duplicate"),
        "no event id": nw.col("appln_id").is_null(),
        "impossible year": nw.col("when").is_null() & ~nw.col(year).is_null(),
        "no date": nw.col("when").is_null(),
        "no symbol": nw.col("symbol").is_null(),
    }
    return rows.with_columns(
        event=nw.col("appln_id"),
        key=nw.concat_str(_application(), nw.col("symbol"), separator=", ", ignore_nulls=True),
        reason=nw.coalesce(*(nw.when(holds).then(nw.lit(why)) for why, holds in reasons.items())),
    )


def _persons(engine: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Read the rows of the inventors' or applicants' table."""
    rows = frame
    for share in ("own_share", "reg_share"):
        rows = values.lookup(engine, rows, share, values.parse_share, f"{share}_value", nw.Float64())
    rows = values.set_aside_duplicates(rows, list(LAYOUT.spellings))
    reasons = {
        "duplicate row": nw.col("duplicate"),
        "no event id": nw.col("appln_id").is_null(),
        "no person": nw.col("person_id").is_null(),
    }
    return rows.with_columns(
        event=nw.col("appln_id"),
        key=nw.concat_str(_application(), nw.lit("person"), nw.col("person_id").fill_null("-"), separator=" "),
        reason=nw.coalesce(*(nw.when(holds).then(nw.lit(why)) for why, holds in reasons.items())),
    )


def _events(used: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List the applications; where their rows give several years, the earliest counts."""
    events = (
        used.with_columns(name=_application())
        .group_by("event")
        .agg(year=nw.col("when").min(), file=nw.col("file").min(), key=nw.col("name").min())
    )
    nothing = nw.lit(None, nw.String())
    events = events.with_columns(
        kind=nw.lit(KIND), form=nothing, date=nothing, value=nw.lit(None, nw.Float64()), currency=nothing
    )
    return typed(events, SOURCE_SCHEMA["events"])


def _participants(used: nw.LazyFrame[Any], role: str) -> nw.LazyFrame[Any]:
    """List persons and places; inventors without their names.

    A person's share that is not understood is the mean of the event's others; a region's is the whole person.
    """
    own, regional = nw.col("own_share_value"), nw.col("reg_share_value").fill_null(1.0)
    if used.select(own.is_null().any().alias("some")).collect("pyarrow")["some"].to_list() == [True]:
        own = nw.coalesce(own, own.mean().over("event"), nw.lit(1.0))
    name = nw.col("name") if role == "applicant" else nw.lit(None, nw.String())
    return typed(
        used.with_columns(
            participant=nw.col("person_id"),
            role=nw.lit(role),
            name=name,
            region_code=nw.col("reg_code"),
            postcode=nw.col("postal_code"),
            country=nw.col("ctry_code"),
            share=own * regional,
        ),
        SOURCE_SCHEMA["participants"],
    )


def _rejects(persons: nw.LazyFrame[Any], classes: nw.LazyFrame[Any], year: str) -> list[nw.LazyFrame[Any]]:
    """List the shares and years that were not understood."""
    lists = [
        persons.filter(
            ~nw.col(share).is_null() & nw.col(f"{share}_value").is_null() & ~nw.col("duplicate")
        ).with_columns(field=nw.lit(share), value=nw.col(share), reason=nw.lit("not a positive number"))
        for share in ("own_share", "reg_share")
    ]
    years = classes.filter(nw.col("reason") == "impossible year")
    lists.append(years.with_columns(field=nw.lit(year), value=nw.col(year)))
    return [typed(one, SOURCE_SCHEMA["rejects"]) for one in lists]

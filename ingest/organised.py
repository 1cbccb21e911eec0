"""Firms counted once: an organisation's id on every participant, whatever its name's spelling or source."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.apply import Apply, one_by_one
from ingest.engine import Engine, collect, records_of
from ingest.matching import Matching
from ingest.organisations import match_names
from ingest.records import DOUBTFUL, Records, stack

_SHARE_UNIT = 2**30
#: Registers whose ids sources put behind a participant's role: "partner, PIC 999", "acquiror, BvD DE123".
REGISTERS = ("BvD", "PIC", "VAT", "LEI")
#: What tells one participant's organisation from another's.
KEYS = ("name", "country", "region", "registry")
#: What is told of an organisation.
ORGANISATION = (
    "organisation",
    "country",
    "names",
    "sources",
    "level",
    "participants",
    "events",
    "weight",
    "first",
    "last",
)


def with_organisations(records: Records, match: Matching | None = None, apply: Apply = one_by_one) -> Records:
    r"""Give each participant that has a name the organisation it is, across all sources of the records.

    Parameters
    ----------
    records
        With all sources in them (:func:`ingest.merge`): a firm is followed from one to the other.
    match
        Limits and decisions; the default limits when None.
    apply
        How names are compared: one by one, or side by side.

    Returns
    -------
    Records
        ``participants`` with a column ``organisation`` (null where there is no name), ``organisations`` with
        the columns of :data:`ORGANISATION`, and the doubtful pairs of names among ``doubtful``.

    Examples
    --------
    >>> import ingest
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "deals.csv"
    >>> heading = "id,year,buyer,buyer_name,sold,sold_name"
    >>> rows = "1,2003,325412,Novo AG,541714,Ulmer GmbH\n2,2004,334111,NOVO A.G.,511210,Berger AG\n"
    >>> _ = file.write_text(f"{heading}\n{rows}")
    >>> map_ = {"event": "id", "year": "year", "acquirer_symbol": "buyer", "target_symbol": "sold"}
    >>> map_ |= {"acquirer_name": "buyer_name", "target_name": "sold_name"}
    >>> records = ingest.read("table", file, columns=map_, options={"kind": "deal", "scheme": "naics"})
    >>> with_organisations(records).organisations[["organisation", "events"]].values.tolist()
    [['Berger AG', 1], ['NOVO A.G.', 2], ['Ulmer GmbH', 1]]
    """
    people = records.participants
    unnamed = nw.col("name").fill_null("") == ""
    named = people.filter(~unnamed).with_columns(registry=_registry())
    named = named.with_columns(nw.col(key).fill_null("").alias(f"of_{key}") for key in KEYS)
    told, waiting = _matched(records.engine, named, match or Matching(), apply)
    joined = named.join(told, on=[f"of_{key}" for key in KEYS], how="left")
    # Inventors have no names: their rows, most of them all, need not be looked up.
    joined = records.engine.keep(joined.drop("registry", *(f"of_{key}" for key in KEYS)))
    weights = _weights(records, joined)
    without = people.filter(unnamed).with_columns(organisation=nw.lit(None).cast(nw.String()))
    columns = [*people.collect_schema().names(), "organisation"]
    participants = records.engine.keep(stack([joined.select(*columns), without.select(*columns)]))
    records.engine.rest()
    doubtful = [part for part in (records.doubtful, _doubtful(waiting, weights)) if part is not None]
    return replace(
        records,
        participants=participants,
        organisations=_organisations(weights),
        doubtful=pd.concat(doubtful, ignore_index=True),
    )


def _matched(
    engine: Engine, named: nw.LazyFrame[Any], match: Matching, apply: Apply
) -> tuple[nw.LazyFrame[Any], pd.DataFrame]:
    """Say on the engine which organisation each name is, and list the pairs that a person should decide."""
    distinct = collect(named.select(**{key: nw.col(f"of_{key}") for key in KEYS}).unique()).astype("str")
    engine.rest()
    found = match_names(
        distinct,
        accept=match.accept,
        review=match.review,
        same=match.pairs("accept"),
        different=match.pairs("reject"),
        apply=apply,
    )
    table = found.organisations.drop_duplicates(list(KEYS))[[*KEYS, "organisation", "level"]]
    return engine.table(table.rename(columns={key: f"of_{key}" for key in KEYS})), found.doubtful


def _registry() -> nw.Expr:
    """Read a register's id off a participant's, with the register before it: ``PIC:999``."""
    participant = nw.col("participant")
    ids = [
        nw.when(participant.str.contains(f"^[a-z]+, {name} ")).then(
            nw.concat_str(nw.lit(f"{name}:"), participant.str.replace_all(f"^[a-z]+, {name} ", ""))
        )
        for name in REGISTERS
    ]
    return nw.coalesce(*ids)


def _weights(records: Records, people: nw.LazyFrame[Any]) -> pd.DataFrame:
    """One row a name, country and source of each organisation: participants, events, weight, years."""
    dated = records.events.select("event", "source", "year")
    grouped = (
        people.filter(~nw.col("organisation").is_null())
        .join(dated, on="event")
        .with_columns(
            part=(nw.col("share") * _SHARE_UNIT).round().cast(nw.Int64()), country=nw.col("country").fill_null("")
        )
        .group_by("organisation", "level", "name", "country", "source")
        .agg(
            participants=nw.len(),
            events=nw.col("event").n_unique(),
            part=nw.col("part").sum().cast(nw.Float64()),
            first=nw.col("year").min(),
            last=nw.col("year").max(),
        )
    )
    kept = records.engine.keep(grouped)
    records.engine.rest()
    order = ["organisation", "name", "country", "source"]
    return collect(kept).sort_values(order, ignore_index=True)


def _organisations(weights: pd.DataFrame) -> pd.DataFrame:
    """One row an organisation: of a million few have more than one name, so all are summed at once."""
    table = weights.groupby("organisation").agg(
        participants=("participants", "sum"),
        events=("events", "sum"),
        part=("part", "sum"),
        first=("first", "min"),
        last=("last", "max"),
    )
    known = weights[weights["country"] != ""].groupby("organisation")["country"].min()
    levels = _listed(weights[weights["level"] != "alone"], "level")
    told = table.assign(
        country=known.reindex(table.index, fill_value=""),
        names=_listed(weights, "name").reindex(table.index),
        sources=_listed(weights, "source").reindex(table.index),
        level=levels.reindex(table.index, fill_value="alone"),
        weight=(table["part"] / _SHARE_UNIT).round(6),
    )
    text = dict.fromkeys(("organisation", "country", "names", "sources", "level"), "str")
    whole = dict.fromkeys(("participants", "events", "first", "last"), "int64")
    return told.reset_index()[list(ORGANISATION)].astype({**text, **whole, "weight": "float64"})


def _listed(weights: pd.DataFrame, column: str) -> pd.Series[str]:
    """Name what each organisation has in a column, in the order of the alphabet: ``SDC; Thomson``."""
    pairs = weights[["organisation", column]].drop_duplicates().sort_values(["organisation", column])
    several = pairs["organisation"].duplicated(keep=False)
    one = pairs[~several].set_index("organisation")[column]
    listed: pd.Series[str] = pd.concat([one, pairs[several].groupby("organisation")[column].agg("; ".join)])
    return listed


def _doubtful(waiting: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of names that a person should decide; the lighter firm's weight is what would move."""
    asked = weights[weights["name"].isin({*waiting["name"], *waiting["other"]})]
    sums = asked.groupby(["name", "country"], as_index=False)[["participants", "part"]].sum()
    known = {
        (row["name"], row["country"]): (int(row["participants"]), float(row["part"]) / _SHARE_UNIT)
        for row in records_of(sums)
    }
    rows = []
    for one in waiting.itertuples(index=False):
        here, there = known.get((one.name, one.country), (0, 0.0)), known.get((one.other, one.other_country), (0, 0.0))
        rows.append(
            {
                "source": "",
                "kind": "name",
                "name": one.name,
                "place": "",
                "country": one.country,
                "state": "doubtful",
                "level": one.level,
                "score": one.score,
                "candidates": json.dumps([[one.other, one.other_country, one.score]], ensure_ascii=False),
                "rows": min(here[0], there[0]),
                "weight": round(min(here[1], there[1]), 6),
            }
        )
    whole = {"rows": "int64", "score": "float64", "weight": "float64"}
    return pd.DataFrame(rows, columns=list(DOUBTFUL)).astype({c: whole.get(c, "str") for c in DOUBTFUL})

"""What would change if the doubtful went the other way: matches, regions and links whose weight would move."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import collect, records_of
from ingest.funnel import DIVIDED
from ingest.records import DOUBTFUL as MATCHES

DOUBTFUL = (
    "kind", "source", "name", "value", "country", "level", "state", "score", "region", "other", "number", "weight",
    "moves", "links",
)  # fmt: skip
MOVES = ("what", "a", "b", "leaves", "enters")
#: What participants at doubtful places, and those beside them, are told by.
BEHIND = ("source", "event", "participant", "region", "key")


def doubtful(records: Records, behind: pd.DataFrame | None = None) -> pd.DataFrame:
    """List every match that is in doubt, and how much would move if it went the other way.

    Parameters
    ----------
    records
        With their doubtful matches and divided region codes.
    behind
        The participants of the events concerned; looked up when None.

    Returns
    -------
    pandas.DataFrame
        `kind` is ``place`` (a city of nearly the name), ``name`` (two organisations that may be one) or ``region
        code`` (one that the study's version of NUTS divides). `region` is where it stands now ("" for nowhere),
        `other` where it would go, `score` its likeness, 0 to 100; `number` and `weight` (in events) are what it
        carries, `moves` the part of the weight that would go: all of a city's, of a code the share of its people
        who live elsewhere, nothing of a name. `links` counts the events that link the place with other regions. The
        heaviest first.
    """
    behind = behind_of(records) if behind is None else behind
    rows = [*_of_matches(records), *_of_codes(records)]
    table = pd.DataFrame(rows, columns=[column for column in DOUBTFUL if column != "links"])
    ends = _ends(behind)
    links = ends.groupby(["source", "key"])["event"].nunique()
    keys = zip(table["source"], _keys(table), strict=True)
    table["links"] = [int(links.get(key, 0)) for key in keys]
    order = ["moves", "weight", "kind", "source", "name", "value", "country"]
    words = [column for column in DOUBTFUL if column not in ("number", "score", "weight", "moves", "links")]
    sizes = {"number": "int64", "score": "float64", "weight": "float64", "moves": "float64", "links": "int64"}
    table = table.astype(dict.fromkeys(words, "str") | sizes)
    return table.sort_values(order, ascending=[False] * 2 + [True] * 5, ignore_index=True)[list(DOUBTFUL)]


def moves(doubts: pd.DataFrame, behind: pd.DataFrame) -> pd.DataFrame:
    """Sum what each region and each link between regions would lose and gain if all doubts went the other way.

    Parameters
    ----------
    doubts
        As :func:`doubtful` returns it.
    behind
        The participants of the events concerned.

    Returns
    -------
    pandas.DataFrame
        ``what`` (``region``, ``link``), ``a``, ``b`` (the link's other end; "" for a region), ``leaves``,
        ``enters``: of a region in weight (events), of a link in events, of which a region code moves the share of
        its people who live elsewhere. The largest first.
    """
    placed = doubts[doubts["kind"] != "name"]
    parts = [
        placed[["region", "moves"]].set_axis(["a", "leaves"], axis=1).assign(enters=0.0),
        placed[["other", "moves"]].set_axis(["a", "enters"], axis=1).assign(leaves=0.0),
    ]
    regions = pd.concat(parts).assign(what="region", b="")
    ways = {"source": placed["source"], "key": _keys(placed), "now": placed["region"], "then": placed["other"]}
    told = pd.DataFrame(ways).astype("str")
    told["part"] = (placed["moves"] / placed["weight"].where(placed["weight"] > 0)).fillna(0.0).to_numpy(float)
    ends = _ends(behind).merge(told, on=["source", "key"])
    links = pd.concat([_linked(ends, "now", "leaves"), _linked(ends, "then", "enters")])
    both = pd.concat([regions, links]).fillna({"leaves": 0.0, "enters": 0.0})
    both = both[both["a"] != ""]
    both = both.astype({"what": "str", "a": "str", "b": "str", "leaves": "float64", "enters": "float64"})
    table = both.groupby(["what", "a", "b"], as_index=False, sort=True)[["leaves", "enters"]].sum().round(6)
    size = table[["leaves", "enters"]].max(axis=1)
    table = table.assign(size=size)[size > 0].sort_values(
        ["what", "size", "a", "b"], ascending=[False, False, True, True], ignore_index=True
    )
    return table[list(MOVES)]


def _linked(ends: pd.DataFrame, side: str, column: str) -> pd.DataFrame:
    """Count the events of each link that has one side at a doubtful place."""
    apart = ends[(ends[side] != ends["away"]) & (ends[side] != "") & (ends["away"] != "")]
    pairs = pd.DataFrame(
        {
            "event": apart["event"],
            "a": apart[[side, "away"]].min(axis=1),
            "b": apart[[side, "away"]].max(axis=1),
            column: apart["part"],
        }
    )
    # of several doubtful places of one event and link the one that moves most
    once = pairs.sort_values([column, "event", "a", "b"], ascending=[False, True, True, True])
    once = once.drop_duplicates(["event", "a", "b"])
    return once.groupby(["a", "b"], as_index=False)[[column]].sum().assign(what="link")


def _keys(table: pd.DataFrame) -> list[str]:
    return [_told(str(r["kind"]), str(r["value"]), str(r["country"])) for r in records_of(table)]


def _told(kind: str, value: str, country: str) -> str:
    """What a doubtful place is known by, as one text."""
    return json.dumps([kind, value, country], ensure_ascii=False)


def _of_matches(records: Records) -> Iterator[tuple[Any, ...]]:
    known = records.doubtful
    for row in records_of(known if known is not None else pd.DataFrame(columns=list(MATCHES))):
        place, near = row["kind"] == "place", json.loads(row["candidates"])
        regions = [str(one[1]) for one in near] if place else []
        taken = row["state"] == "taken"
        here = regions[0] if taken and regions else ""
        other = (regions[1] if len(regions) > 1 else "") if taken else (regions[0] if regions else "")
        name, value = (str(row["name"]), str(row["place"])) if place else (str(row["name"]), str(near[0][0]))
        told = (row["kind"], row["source"], name, value, row["country"], row["level"], row["state"], row["score"])
        yield *told, here, other, row["rows"], row["weight"], row["weight"] if place else 0.0


def _of_codes(records: Records) -> Iterator[tuple[Any, ...]]:
    known = records.divided
    for row in records_of(known if known is not None else pd.DataFrame(columns=list(DIVIDED))):
        other = str(row["others"]).split(" ", 1)[0]
        told = ("region code", row["source"], "", row["code"], row["country"], "divided code", "taken")
        part = round(float(row["weight"]) * (1.0 - float(row["share"])), 6)
        yield *told, round(100.0 * row["share"], 1), row["region"], other, row["rows"], row["weight"], part


def behind_of(records: Records) -> pd.DataFrame:
    """Find the participants at doubtful places and those they share an event with.

    Returns ``source, event, participant, region, key``: `key` is empty for the others. A code is found only where
    no town stands beside it, for records keep the town.
    """
    told = [row for row in (*_of_matches(records), *_of_codes(records)) if row[0] != "name"]
    wanted = {_told(str(row[0]), str(row[3]), str(row[4])) for row in told}
    if not wanted:
        return pd.DataFrame(columns=list(BEHIND), dtype="str")
    blank = [nw.col(column).fill_null("") for column in ("place", "country", "placed_by", "region")]
    people = records.participants.with_columns(*blank)
    levels = ["fuzzy city", "country only", "region code"]
    spots = collect(people.filter(nw.col("placed_by").is_in(levels)).select("place", "country", "placed_by").unique())
    keys = [_key(row, wanted) for row in records_of(spots)]
    known = spots.assign(key=pd.Series(keys, index=spots.index, dtype="str")).astype("str")
    known = known[known["key"] != ""]
    if known.empty:
        return pd.DataFrame(columns=list(BEHIND), dtype="str")
    here = people.join(records.engine.table(known), on=["place", "country", "placed_by"], how="left")
    events = here.filter(~nw.col("key").is_null()).select("event").unique()
    found = collect(here.join(events, on="event").select("event", "participant", "region", "key"))
    found["source"] = found["event"].astype(str).str.split(":").str[0]
    return found[list(BEHIND)].sort_values(["event", "participant", "region"], ignore_index=True)


def _key(spot: Mapping[Any, Any], wanted: set[str]) -> str:
    """Find the doubtful match that a place of the records is of: a city may stand behind its postal code."""
    place, country = str(spot["place"]), str(spot["country"])
    coded = spot["placed_by"] == "region code"
    words = [place] if coded else place.split(" ")
    kind = "region code" if coded else "place"
    tails = (_told(kind, " ".join(words[at:]), country) for at in range(len(words)))
    return next((tail for tail in tails if tail in wanted), "")


def _ends(behind: pd.DataFrame) -> pd.DataFrame:
    """Pair each participant at a doubtful place with the regions of the others: ``source, event, key, away``."""
    doubt = behind[behind["key"].notna()]
    pairs = doubt.merge(behind[["event", "participant", "region"]], on="event", suffixes=("", "_away"))
    pairs = pairs[(pairs["participant"] != pairs["participant_away"]) & (pairs["region_away"] != "")]
    return pairs[["source", "event", "key", "region_away"]].rename(columns={"region_away": "away"}).drop_duplicates()

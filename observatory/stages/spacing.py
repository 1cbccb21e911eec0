"""Fourth stage: communities of sectors described as collaboration spaces, beside star tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
import pandas as pd

from communities.periods import match_periods, moves
from communities.spaces import changes, spaces
from ingest.engine import Engine, records_of
from ingest.regions import region_name
from linkages import Network
from linkages.counting import in_period
from linkages.counting import pairs as pairs_of
from linkages.cross_industry import FILES, cross_industry, folded_items
from linkages.geography import Places, codes_within, places_of
from linkages.periods import Period
from observatory.side_by_side import Workers
from observatory.stages.counting import Counts, Frame, drawable
from observatory.stages.finding import Found, find
from observatory.stars import tiers_of

#: How many industries of a space stand beside how many of its regions.
INDUSTRIES, REGIONS = 6, 8


@dataclass(frozen=True)
class Basis:
    """What the spaces of one network are described from.

    Attributes
    ----------
    found
        The communities of the network.
    items, pairs
        Facets by the network's nodes, and their pairs within the network's period and source.
    weights, kind
        Years of the period, and the kind of event or ``all``.
    """

    found: Found
    items: Frame
    pairs: Frame
    weights: Mapping[int, float]
    kind: str


def sector_bases(counts: Counts, found: Mapping[str, Found]) -> dict[str, Basis]:
    """Give the basis of each sector network of the study."""
    bases = {}
    for source in counts.sources:
        for period in counts.periods:
            name = f"sector__{source}__{period}"
            pairs = counts.records.engine.keep(counts.of_period(counts.sectors, period, source))
            bases[name] = Basis(found[name], counts.facets, pairs, counts.weights(period), source)
    return bases


def cross_industry_bases(counts: Counts, workers: Workers) -> dict[str, Basis]:
    """Find the communities of the cross-industry files, where the study has their events."""
    records, settings = counts.records, counts.settings
    engine = records.engine
    items = folded_items(records, settings.sector_level, settings.groups.sectors)
    pairs = engine.keep(pairs_of(items, engine, directed_deals=True, overlapping=True))
    span = Period(counts.periods[0].first, counts.periods[-1].last)
    asked, behind = [], []
    for file, (kind, years, _) in FILES.items():
        first, last = max(years.first, span.first), min(years.last, span.last)
        if kind not in counts.kinds or first > last:
            continue
        period = Period(first, last)
        groups = settings.groups.sectors
        network = cross_industry(records, pairs, file, settings.sector_level, settings.counting, period, groups=groups)
        if network.links.empty:
            continue
        weights = dict.fromkeys(range(first, last + 1), 1.0)
        chosen = engine.keep(_along(network, in_period(pairs, engine, weights, kind), engine))
        events = drawable(chosen, network.drawn, engine) if settings.communities.bootstrap else None
        asked.append((network, events, settings))
        behind.append((items, chosen, weights, kind))
    found = workers.map(find, asked)
    return {one.network.name: Basis(one, *told) for one, told in zip(found, behind, strict=True)}


def _along(network: Network, pairs: Frame, engine: Engine) -> Frame:
    """Keep the pairs that are links of a network, whichever way round."""
    one = network.links[["source", "target"]].rename(columns={"source": "a", "target": "b"})
    two = one.rename(columns={"a": "b", "b": "a"})[["a", "b"]]
    return pairs.join(engine.table(pd.concat([one, two], ignore_index=True)), on=["a", "b"])


def describe(counts: Counts, bases: Mapping[str, Basis], stars: pd.DataFrame) -> list[dict[str, Any]]:
    """Describe the spaces of every sector network, each beside the tiers of its industries in its regions."""
    described: list[dict[str, Any]] = []
    for source in dict.fromkeys(basis.found.network.source for basis in bases.values()):
        earlier: list[dict[str, Any]] = []
        of_source = [basis for basis in bases.values() if basis.found.network.source == source]
        for basis in sorted(of_source, key=lambda b: b.found.network.period):
            here = changes(earlier, _spaces_of(counts, basis))
            described += [_beside(space, stars) for space in here]
            earlier = here
    return described


def followed(counts: Counts, described: Sequence[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    """Match the spaces of each source's following periods, and tell where every sector went.

    Returns
    -------
    dict of DataFrame
        ``spaces__{source}``: ``since, period`` and the columns of :func:`communities.periods.match_periods`,
        spaces by id, with ``from_name, to_name``; ``members__{source}``: ``since, period, node, label`` and the
        rest of :func:`communities.periods.moves`. Empty for a single period.
    """
    tables: dict[str, pd.DataFrame] = {}
    for source in counts.sources if len(counts.periods) > 1 else ():
        names = [f"sector__{source}__{period}" for period in counts.periods]
        by_period = [[space for space in described if space["network"] == name] for name in names]
        pairs = [_between(str(a), str(b), by_period[i], by_period[i + 1])
                 for i, (a, b) in enumerate(pairwise(counts.periods))]  # fmt: skip
        for kind, parts in zip(("spaces", "members"), zip(*pairs, strict=True), strict=True):
            tables[f"{kind}__{source}"] = pd.concat(parts, ignore_index=True)
    return tables


def _between(
    since: str, period: str, earlier: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Match two periods: the events of spaces, the moves of members."""
    rows = [
        pd.DataFrame(
            [(m["node"], space["id"], m["stability"]) for space in spaces for m in space["members"]],
            columns=["node", "space", "stability"],
        ).set_index("node")
        for spaces in (earlier, later)
    ]
    first, second = (table["space"] for table in rows)
    sure = tuple(table["stability"].astype(float) for table in rows)
    labels = {m["node"]: m["label"] for space in (*earlier, *later) for m in space["members"]}
    events = match_periods(first, second, (sure[0], sure[1]))
    for end, side in (("from", earlier), ("to", later)):  # the same members may bear two proposed names
        events[f"{end}_name"] = events[end].map({space["id"]: space["name"] for space in side})
    went = moves(first, second, (sure[0], sure[1]))
    went.insert(1, "label", went["node"].map(labels))
    return _dated(events, since, period), _dated(went, since, period)


def _dated(table: pd.DataFrame, since: str, period: str) -> pd.DataFrame:
    """Say which periods a table compares; what is no space is empty, in a column of text."""
    for column in ("from", "to", "label", "from_name", "to_name"):
        if column in table:
            table[column] = table[column].astype("str")
    table.insert(0, "since", pd.Series([since] * len(table), dtype="str"))
    table.insert(1, "period", pd.Series([period] * len(table), dtype="str"))
    return table


def _spaces_of(counts: Counts, basis: Basis) -> list[dict[str, Any]]:
    engine, found = counts.records.engine, basis.found
    places = places_of(
        {str(node): int(group) for node, group in found.partition.membership.items()},
        basis.pairs,
        in_period(counts.participants, engine, basis.weights, basis.kind),
        in_period(counts.regions, engine, basis.weights, basis.kind),
        engine,
    )
    crossing = basis.pairs.filter(sectors_differ()).select("event")
    makeup = codes_within(basis.items, engine, crossing, counts.industries)
    return [
        {**space, "industries": _industries(space, makeup)}
        for space in spaces(
            found.network, found.partition, found.stability, places, _names(places, counts.settings.nuts)
        )
    ]


def sectors_differ() -> nw.Expr:
    """Select the pairs of two different sectors."""
    return nw.col("a") != nw.col("b")


def _names(places: Places, nuts: int) -> dict[str, str]:
    codes = {*places.regions["region"], *places.pairs["region_a"], *places.pairs["region_b"]}
    return {code: region_name(code, nuts) for code in sorted(codes)}


def _industries(space: Mapping[str, Any], makeup: pd.DataFrame) -> list[dict[str, Any]]:
    """List the industries that a space's facets belong to, with their share of the facets."""
    members = [member["node"] for member in space["members"]]
    table = makeup[makeup["sector"].isin(members)].groupby("other")["facets"].sum().reset_index()
    total = int(table["facets"].sum())
    table = table.sort_values(["facets", "other"], ascending=[False, True])
    return [
        {"industry": row["other"], "facets": int(row["facets"]), "share": round(row["facets"] / total, 4)}
        for row in records_of(table)
    ]


def _beside(space: dict[str, Any], stars: pd.DataFrame) -> dict[str, Any]:
    """Set the tiers of a space's industries in its regions beside it."""
    industries = [row["industry"] for row in space.get("industries", [])[:INDUSTRIES]]
    regions = [row["region"] for row in space["regions"]["top"] if len(row["region"]) == 4][:REGIONS]
    grid = pd.DataFrame([(r, i) for r in regions for i in industries], columns=["region", "industry"])
    if grid.empty:
        return {**space, "tiers": [], "tier_counts": {}}
    rated = tiers_of(grid, stars)
    rows = [
        {
            "region": row["region"],
            "industry": row["industry"],
            "tier": row["tier"],
            "stars": None if pd.isna(row["total"]) else int(row["total"]),
        }
        for row in records_of(rated)
    ]
    counted = rated["tier"].value_counts().sort_index()
    return {**space, "tiers": rows, "tier_counts": {str(k): int(v) for k, v in counted.items()}}

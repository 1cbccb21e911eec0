"""Collaboration spaces: what a community of sectors is made of, where it lies and how it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from communities.partition import Partition
from communities.stability import Stability
from ingest.engine import records_of
from linkages import Network
from linkages.geography import Places

#: How many links, regions and pairs of regions a space lists.
TOP = 10


def space_id(members: Sequence[str]) -> str:
    """Derive a space's id from its members, so that it survives a re-run.

    Examples
    --------
    >>> space_id(["334", "325"]) == space_id(["325", "334"])
    True
    """
    return "s" + hashlib.sha256("|".join(sorted(members)).encode()).hexdigest()[:8]


def spaces(
    network: Network,
    partition: Partition,
    stability: Stability,
    places: Places | None = None,
    region_names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Describe each community of a sector network as a collaboration space.

    Returns
    -------
    list of dict
        One space a community, the largest first: ``id, name, network, source, period, community,
        members, links, weight_inside, share_inside, stability, regions``. Strengths and weights are in
        the unit of the network's counting; `share_inside` is the part of its members' strength that stays
        inside.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.4.
    """
    links = network.links
    group = partition.membership
    inside = links.assign(a=links["source"].map(group), b=links["target"].map(group))
    total = _strength(links)
    return [
        _space(
            network,
            c,
            group,
            inside[(inside["a"] == c) & (inside["b"] == c)],
            total,
            stability,
            places,
            region_names or {},
        )
        for c in sorted(set(group))
    ]


def _space(
    network: Network,
    community: int,
    group: pd.Series[int],
    inside: pd.DataFrame,
    total: pd.Series[float],
    stability: Stability,
    places: Places | None,
    region_names: Mapping[str, str],
) -> dict[str, Any]:
    labels = dict(zip(network.nodes["node"], network.nodes["label"], strict=True))
    members = _members(group, community, inside, total, stability, labels)
    weight = float(inside["weight"].sum())
    strength = float(sum(m["strength"] for m in members))
    known = [m["stability"] for m in members if m["stability"] is not None]
    return {
        "id": space_id([m["node"] for m in members]),
        "name": propose_name([m["label"] for m in members]),
        "network": network.name,
        "source": network.source,
        "period": str(network.period),
        "community": int(community),
        "members": members,
        "links": _links(inside, labels),
        "weight_inside": weight,
        "share_inside": 2.0 * weight / strength if strength else None,
        "stability": round(sum(known) / len(known), 4) if known else None,
        "regions": _regions(places, community, region_names),
    }


def propose_name(labels: Sequence[str]) -> str:
    """Propose a name from the two strongest members.

    Examples
    --------
    >>> propose_name(["Chemical Manufacturing", "Hospitals", "Mining (except Oil and Gas)"])
    'Chemical Manufacturing + Hospitals'
    """
    return " + ".join(labels[:2])


def named(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Give spaces the names that a study chose, by their ids; the proposed name is kept beside.

    An id is that of the members, so that a name stays as long as they do. A name whose space is not there is
    said, and is no fault: other data may have moved a member.

    Returns
    -------
    list of dict, list of str
        The spaces with ``name`` and ``proposed``; a sentence for each id that no space has.

    Examples
    --------
    >>> named([{"id": "s0", "name": "Food + Hospitals"}], {"s0": "Health"})
    ([{'id': 's0', 'name': 'Health', 'proposed': 'Food + Hospitals'}], [])
    >>> named([], {"s1": "Gone"})[1]
    ["No space has the id s1, which the study names 'Gone': its members may be others by now."]
    """
    answer = [{**space, "name": names.get(space["id"], space["name"]), "proposed": space["name"]} for space in found]
    unknown = sorted({*names} - {space["id"] for space in found})
    said = "No space has the id {}, which the study names {!r}: its members may be others by now."
    return answer, [said.format(one, names[one]) for one in unknown]


def _members(
    group: pd.Series[int],
    community: int,
    inside: pd.DataFrame,
    total: pd.Series[float],
    stability: Stability,
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:
    own = _strength(inside)
    sure = {row["node"]: row for row in records_of(stability.members)}
    rows = []
    for node in group.index[group == community]:
        stay = float(sure[node]["stability"])
        rows.append(
            {
                "node": str(node),
                "label": labels[str(node)],
                "strength_inside": float(own.get(node, 0.0)),
                "strength": float(total.get(node, 0.0)),
                "stability": None if pd.isna(stay) else round(stay, 4),
                "role": str(sure[node]["role"]),
                "leans_to": int(sure[node]["second"]) if sure[node]["role"] == "bridge" else None,
            }
        )
    return sorted(rows, key=lambda row: (-row["strength_inside"], row["node"]))


def _links(inside: pd.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    best = inside.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(TOP)
    return [
        {
            "source": row["source"],
            "target": row["target"],
            "labels": [labels[row["source"]], labels[row["target"]]],
            "weight": float(row["weight"]),
            "events": int(row["events"]),
            "association": round(float(row["association"]), 4),
            "q": float(row["q"]),
        }
        for row in records_of(best)
    ]


def _regions(places: Places | None, community: int, names: Mapping[str, str]) -> dict[str, Any]:
    if places is None:
        return {"top": [], "within": [], "between": []}
    top = places.regions[places.regions["group"] == community].head(TOP)
    pairs = places.pairs[places.pairs["group"] == community]
    same = pairs["region_a"] == pairs["region_b"]
    one = [_region(row["region"], row, names) for row in records_of(top)]
    within = [_region(row["region_a"], row, names) for row in records_of(pairs[same].head(TOP))]
    between = [
        {
            "regions": [row["region_a"], row["region_b"]],
            "names": [names.get(row[end], row[end]) for end in ("region_a", "region_b")],
            "events": int(row["events"]),
        }
        for row in records_of(pairs[~same].head(TOP))
    ]
    return {"top": one, "within": within, "between": between}


def _region(code: str, row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {"region": code, "name": names.get(code, code), "events": int(row["events"])}


def changes(earlier: Sequence[Mapping[str, Any]], later: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to each later space what became of it since the earlier period.

    The earlier space with the largest share of common members (Jaccard) is its predecessor.

    Returns
    -------
    list of dict
        The later spaces with ``change``: ``since, predecessor, overlap, joined, left, born``; `joined` are
        members that came from another space, `born` members without links before.

    Examples
    --------
    >>> space = lambda name, *nodes: {"id": name, "period": "p", "members": [{"node": n} for n in nodes]}
    >>> new = changes([space("x", "a", "b"), space("y", "c")], [space("z", "a", "b", "c", "d")])[0]["change"]
    >>> new["predecessor"], new["joined"], new["born"], new["left"]
    ('x', ['c'], ['d'], [])
    """
    before = {space["id"]: {m["node"] for m in space["members"]} for space in earlier}
    known = set().union(*before.values()) if before else set()
    found = []
    for space in later:
        now = {m["node"] for m in space["members"]}
        ranked = sorted(((len(now & b) / len(now | b), i) for i, b in before.items()), key=lambda x: (-x[0], x[1]))
        overlap, nearest = ranked[0] if ranked and ranked[0][0] > 0 else (0.0, None)
        old = before.get(nearest, set()) if nearest else set()
        change = {
            "since": earlier[0]["period"] if earlier else None,
            "predecessor": nearest,
            "overlap": round(overlap, 4),
            "joined": sorted((now - old) & known),
            "left": sorted(old - now),
            "born": sorted(now - known),
        }
        found.append({**space, "change": change})
    return found


def _strength(links: pd.DataFrame) -> pd.Series[float]:
    """Sum the weights at each node, in an order of its own."""
    ends = pd.concat(
        [
            links[["source", "weight"]].set_axis(["node", "weight"], axis=1),
            links[["target", "weight"]].set_axis(["node", "weight"], axis=1),
        ]
    )
    return ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()

"""What two runs found: links that appeared, went or moved, spaces, their stability, tiers, and what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from communities.periods import match_periods
from observatory.opened import Run

LINKS = ["network", "what", "source", "target", "before", "after", "change"]
SPACES = ["network", "event", "from", "to", "name", "members", "jaccard", "joined", "left", "stability_before"]
SPACES += ["stability_after"]
TIERS = ["region", "industry", "before", "after"]
LEDGER = ["source", "reason", "rows_before", "rows_after", "weight_before", "weight_after"]
NETWORKS = ["network", "what"]
#: Smaller differences of weights and stabilities are those of the last digit.
LEAST = 1e-9


def networks(before: Run, after: Run) -> pd.DataFrame:
    """List the networks that only one of two runs has, and those that cannot be compared.

    Returns
    -------
    DataFrame
        ``network, what``: *only before*, *only after*, or *another level*, where the nodes of the two are not the same
        kind of thing, or *another unit*, where weights are not.
    """
    old, new = _names(before), _names(after)
    rows = [(name, "only before") for name in old - new] + [(name, "only after") for name in new - old]
    for name in old & new:
        if why := _apart(before, after, name):
            rows.append((name, why))
    return pd.DataFrame(sorted(rows), columns=NETWORKS)


def _names(run: Run) -> set[str]:
    return {Path(name).stem for name in run.names("networks/*.parquet")}


def _apart(before: Run, after: Run, name: str) -> str | None:
    """Tell why a network of both runs cannot be compared, if so."""
    keys = ("region_level", "nuts") if name.startswith("region") else ("sector_level",)
    one, two = (run.manifest["settings"] for run in (before, after))
    if any(one.get(key) != two.get(key) for key in keys):
        return "another level"
    weighed = [(run.get("weigh", "events"), run.get("currency")) for run in (one, two)]
    return None if weighed[0] == weighed[1] else "another unit"


def _shared(before: Run, after: Run) -> Iterator[str]:
    """Name the networks that can be compared."""
    for name in sorted(_names(before) & _names(after)):
        if not _apart(before, after, name):
            yield name


def links(before: Run, after: Run) -> pd.DataFrame:
    """Compare the links of every network that both runs have.

    Returns
    -------
    DataFrame
        ``network, what`` (*appeared*, *gone*, *moved*), ``source, target, before, after, change`` (weights, in the unit
        of the network; nothing is 0). By network, the largest change first.
    """
    tables = [_links(before, after, name) for name in _shared(before, after)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=LINKS)


def _links(before: Run, after: Run, name: str) -> pd.DataFrame:
    one, two = (
        run.table(f"networks/{name}.parquet")[["source", "target", "weight"]].astype({"source": str, "target": str})
        for run in (before, after)
    )
    both = one.merge(two, on=["source", "target"], how="outer", suffixes=("_1", "_2"), indicator="side")
    both = both.assign(before=both["weight_1"].fillna(0.0), after=both["weight_2"].fillna(0.0), network=name)
    both["change"] = both["after"] - both["before"]
    both["what"] = both["side"].astype(str).map({"left_only": "gone", "right_only": "appeared", "both": "moved"})
    moved = both[(both["what"] != "moved") | (both["change"].abs() > LEAST)]
    order = moved.assign(size=-moved["change"].abs()).sort_values(["size", "source", "target"])
    return order[LINKS]


def spaces(before: Run, after: Run) -> pd.DataFrame:
    """Match the spaces of every network that both runs have, by their members.

    Returns
    -------
    DataFrame
        ``network``; ``event``: *same* (the same members), *continued*, *split*, *merged*, *born*, *died*, as
        :func:`communities.periods.match_periods` tells them of two periods; ``from, to`` (ids), ``name``,
        ``members`` (in common, or all of a space born or died), ``jaccard``, ``joined, left`` (members, of spaces that
        continued), ``stability_before, stability_after`` (0 to 1).
    """
    old, new = _spaces(before), _spaces(after)
    rows = [
        row
        for name in _shared(before, after)
        if name.startswith("sector")
        for row in _matched(name, old.get(name, {}), new.get(name, {}))
    ]
    return pd.DataFrame(rows, columns=SPACES)


def _spaces(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for space in run.spaces:
        found.setdefault(str(space["network"]), {})[str(space["id"])] = space
    return found


def _matched(
    name: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    for row in match_periods(_membership(old), _membership(new)).to_dict("records"):
        start, end = row["from"], row["to"]
        one, two = _members(old.get(start)), _members(new.get(end))
        pair = start is not None and end is not None
        event = "same" if one == two else row["event"]
        yield (
            name,
            event,
            start,
            end,
            (new.get(end) or old[start])["name"],
            row["members"],
            row["jaccard"] if pair else None,
            " ".join(sorted(two - one)) if row["event"] == "continued" else "",
            " ".join(sorted(one - two)) if row["event"] == "continued" else "",
            old[start]["stability"] if start in old else None,
            new[end]["stability"] if end in new else None,
        )


def _members(space: Mapping[str, Any] | None) -> set[str]:
    return {str(member["node"]) for member in space["members"]} if space else set()


def _membership(found: Mapping[str, Mapping[str, Any]]) -> pd.Series[Any]:
    return pd.Series({node: name for name, space in found.items() for node in _members(space)}, dtype=object)


def tiers(before: Run, after: Run) -> pd.DataFrame:
    """List the industries of regions whose star tier differs; a tier that a run does not have is empty."""
    one, two = (run.table("stars.parquet")[["region", "industry", "tier"]].astype(str) for run in (before, after))
    both = one.merge(two, on=["region", "industry"], how="outer", suffixes=("_1", "_2"))
    both = both.rename(columns={"tier_1": "before", "tier_2": "after"})
    cells = both[["before", "after"]].astype(object).where(both[["before", "after"]].notna(), None)
    both[["before", "after"]] = cells
    changed = both[cells["before"].fillna("") != cells["after"].fillna("")]
    return changed[TIERS].sort_values(["region", "industry"], ignore_index=True)


def ledger(before: Run, after: Run) -> pd.DataFrame:
    """List the reasons of the ledger whose rows or weight differ; a reason that a run does not have has 0."""
    one, two = (run.table("ledger.csv") for run in (before, after))
    both = one.merge(two, on=["source", "reason"], how="outer", suffixes=("_before", "_after"))
    both = both.fillna(dict.fromkeys(LEDGER[2:], 0)).astype({"rows_before": "int64", "rows_after": "int64"})
    rows = both["rows_before"] != both["rows_after"]
    weight = (both["weight_before"] - both["weight_after"]).abs() > LEAST
    order = {"read": 0, "used": 1}
    changed = both[rows | weight]
    changed = changed.assign(rank=changed["reason"].map(order).fillna(2))
    return changed.sort_values(["source", "rank", "reason"], ignore_index=True)[LEDGER]

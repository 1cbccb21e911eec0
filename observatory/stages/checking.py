"""Last stage: what moves the result, and whether it meets the study's gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from communities import how_many, spinglass
from communities.stability import adjusted_mutual_information
from ingest import Records
from ingest.engine import collect, records_of
from linkages.build import network_of_years
from linkages.periods import SHARED_YEAR
from observatory.settings import Gates
from observatory.stages.counting import Counts
from observatory.stages.finding import Found


def shared_year_effect(counts: Counts, found: Mapping[str, Found]) -> list[dict[str, Any]]:
    """Tell how far each choice for a shared year moves the summed sector networks and their communities.

    Returns
    -------
    list of dict
        ``shared_year, period, events, weight, k, ami``: `ami` compares with the study's own choice; a node that only
        one of the two has is a community of its own in the other, so that a space that goes is told.
    """
    settings, rows = counts.settings, []
    if not any(a.last >= b.first for a, b in zip(counts.periods, counts.periods[1:], strict=False)):
        return []
    for choice in SHARED_YEAR:
        for period in counts.periods:
            base = found[f"sector__all__{period}"]
            weights = counts.weights(period, choice)
            network = network_of_years(counts.years["sector"], settings.sector_level, period, "all", weights)
            chosen = settings.communities
            fixed = chosen.spaces if isinstance(chosen.spaces, int) else None
            k = fixed or how_many(network, chosen.trials, chosen.seed).k
            partition = spinglass(network, k, chosen.gamma, chosen.restarts, chosen.seed, exact=0)
            every = partition.membership.index.union(base.partition.membership.index)
            a, b = (_labels(p.membership, every) for p in (partition, base.partition))
            rows.append(
                {
                    "shared_year": choice,
                    "period": str(period),
                    "events": network.events,
                    "weight": float(np.sort(network.links["weight"].to_numpy(float)).sum()),
                    "k": partition.k,
                    "ami": adjusted_mutual_information(a, b) if len(every) > 1 else None,
                }
            )
    return rows


def _labels(membership: pd.Series[int], every: pd.Index[str]) -> npt.NDArray[np.int64]:
    """Label every node by its community, one that is in none by itself."""
    alone = pd.Series(-1 - np.arange(len(every)), index=every)
    return np.asarray(membership.reindex(every).fillna(alone), dtype="int64")


def coverage(records: Records) -> list[dict[str, Any]]:
    """Tell, per source, how much was used and how the participants were placed.

    Returns
    -------
    list of dict
        ``source, read, used, used_share, used_weight_share, participants, placed_share, placed_by``.
    """
    source = nw.col("event").str.split(":").list.get(0).alias("source")
    grouped = (
        records.participants.select(source, "placed_by", "region", "share")
        .with_columns(
            here=nw.when(nw.col("region").fill_null("") != "").then(1).otherwise(0),
            fixed=(nw.col("share") * 2**30).round().cast(nw.Int64()),
        )
        .group_by("source", "placed_by", "here")
        .agg(number=nw.len(), weight=nw.col("fixed").sum().cast(nw.Float64()))
        .sort("source", "placed_by", "here")
    )
    placed = collect(grouped)
    rows = []
    for name, part in records.ledger.groupby("source", sort=True):
        figures = {row["reason"]: row for row in records_of(part)}
        here = placed[placed["source"] == name]
        weight = float(here["weight"].sum())
        by = here.groupby("placed_by")["number"].sum()
        rows.append(
            {
                "source": name,
                "read": int(figures["read"]["rows"]),
                "used": int(figures["used"]["rows"]),
                "used_share": _share(figures["used"]["rows"], figures["read"]["rows"]),
                "used_weight_share": _share(figures["used"]["weight"], figures["read"]["weight"]),
                "participants": int(here["number"].sum()),
                "placed_share": _share(here.loc[here["here"] == 1, "number"].sum(), here["number"].sum()),
                "placed_weight_share": _share(here.loc[here["here"] == 1, "weight"].sum(), weight),
                "placed_by": {str(k): int(v) for k, v in by.items()},
            }
        )
    return rows


def gates(
    limits: Gates, covered: Sequence[Mapping[str, Any]], described: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Hold the result against the study's limits.

    Returns
    -------
    list of dict
        ``gate, limit, value, met`` for each gate that the study sets; what was not tested has no value, and a gate on
        it is not met.
    """
    known = [space["stability"] for space in described if space["stability"] is not None]
    values: dict[str, float | None] = {
        "used": min((row["used_weight_share"] or 0.0 for row in covered), default=0.0),
        "placed": min((row["placed_weight_share"] or 0.0 for row in covered), default=0.0),
        "stability": float(np.mean(known)) if known else None,
    }
    return [
        {
            "gate": name,
            "limit": limit,
            "value": None if value is None else round(value, 6),
            "met": value is not None and value >= limit,
        }
        for name, value in values.items()
        if (limit := getattr(limits, name)) is not None
    ]


def _share(part: Any, whole: Any) -> float | None:
    return round(float(part) / float(whole), 6) if whole and not pd.isna(whole) else None

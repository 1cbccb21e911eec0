"""Between the third stage and the fourth: co-patents, deals and alliances of a period as layers of one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from communities import Partition
from communities.consensus import variation_of_information
from communities.layered_infomap import layered_infomap
from communities.layered_leiden import layered_leiden
from communities.stability import adjusted_mutual_information
from linkages import Network
from linkages.periods import Period
from observatory.settings import Settings
from observatory.stages.counting import Counts
from observatory.stages.finding import Found


@dataclass(frozen=True)
class Layered:
    """The communities of a period's sources taken as layers.

    Attributes
    ----------
    table
        ``node, label, leiden, infomap, all`` and a column a source: communities of the layers by both methods,
        of the summed network, and of each source alone; -1 where a node is in none.
    summary
        What communities/layers__{period}.json holds.
    """

    table: pd.DataFrame
    summary: dict[str, Any]


def layered(counts: Counts, found: Mapping[str, Found]) -> dict[str, Layered]:
    """Find the communities of each period's sources taken as layers; none where fewer than two have links.

    Parameters
    ----------
    counts
        What was counted.
    found
        Communities of the study's sector networks, by name.

    Returns
    -------
    dict
        ``layers__{period}`` → its communities.
    """
    answer = {}
    for period in counts.periods:
        here = {source: found[f"sector__{source}__{period}"] for source in counts.kinds}
        alone = {source: one for source, one in here.items() if len(one.network.links)}
        if sum(weight_of(source, counts.settings) > 0 for source in alone) > 1:
            answer[f"layers__{period}"] = _of_period(period, alone, found[f"sector__all__{period}"], counts.settings)
    return answer


def weight_of(source: str, settings: Settings) -> float:
    """Give what a source counts as a layer.

    Examples
    --------
    >>> from observatory.settings import Communities, Layers
    >>> weight_of("deal", Settings("T", {}, communities=Communities(layers=Layers(deal=0.5))))
    0.5
    """
    return float(getattr(settings.communities.layers, source))


def _of_period(period: Period, alone: Mapping[str, Found], whole: Found, settings: Settings) -> Layered:
    chosen = settings.communities
    networks: dict[str, Network] = {source: one.network for source, one in alone.items()}
    weights = {source: weight_of(source, settings) for source in alone}
    given = chosen.gamma, chosen.restarts, chosen.seed
    partitions: dict[str, Partition] = {
        "leiden": layered_leiden(networks, weights, *given),
        "infomap": layered_infomap(networks, trials=chosen.trials, seed=chosen.seed, weights=weights),
        "all": whole.partition,
        **{source: one.partition for source, one in alone.items()},
    }
    return Layered(_table(whole.network, partitions), _summary(period, networks, weights, partitions))


def _table(network: Network, partitions: Mapping[str, Partition]) -> pd.DataFrame:
    nodes = network.nodes[["node", "label"]].sort_values("node", ignore_index=True)
    columns = {
        name: partition.membership.reindex(nodes["node"]).fillna(-1).astype("int64").to_numpy()
        for name, partition in partitions.items()
    }
    return nodes.assign(**columns)


def _summary(
    period: Period,
    networks: Mapping[str, Network],
    weights: Mapping[str, float],
    partitions: Mapping[str, Partition],
) -> dict[str, Any]:
    leiden, infomap = partitions["leiden"], partitions["infomap"]
    return {
        "period": str(period),
        "layers": {  # a source of weight 0 is none, but stands beside them
            source: {
                "events": network.events,
                "nodes": len(network.nodes),
                "weight": float(np.sort(network.links["weight"].to_numpy(float)).sum()),
                "asked": weights[source],
                **{"share": 0.0, "links": len(network.links), "modularity": None},
                **leiden.details["layers"].get(source, {}),
            }
            for source, network in networks.items()
        },
        "leiden": {"k": leiden.k, "modularity": leiden.modularity, "parameters": leiden.parameters},
        "infomap": {
            "k": infomap.k,
            "codelength": infomap.codelength,
            "codelength_one_module": infomap.details.get("codelength_one_module"),
            "in_several": infomap.details.get("in_several", []),
            "parameters": infomap.parameters,
        },
        "seed": leiden.seed,
        "agreement": _agreement(partitions),
        "left_out": list(leiden.left_out),
    }


def _agreement(partitions: Mapping[str, Partition]) -> list[dict[str, Any]]:
    """Compare the communities of the layers with each other, with those of the sum, and of each source alone."""
    rows = []
    for one, two in [(a, b) for a in ("leiden", "infomap") for b in partitions if b not in (a, "leiden")]:
        a, b = partitions[one].membership, partitions[two].membership
        both = a.index.intersection(b.index).sort_values()
        labels = [np.asarray(part.loc[both], dtype="int64") for part in (a, b)]
        ami = adjusted_mutual_information(*labels) if len(both) > 1 else None
        vi = variation_of_information(a, b) if len(both) > 1 else None
        rows.append({"a": one, "b": two, "nodes": len(both), "ami": ami, "vi": vi})
    return rows

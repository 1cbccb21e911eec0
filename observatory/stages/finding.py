"""Third stage: how many communities each network has, which, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from communities import Partition, how_many, leiden, spinglass
from communities.consensus import variation_of_information
from communities.infomap import Number
from communities.noise import Noise, against_noise
from communities.numbers import COLUMNS, in_words, numbers
from communities.resampling import events_in
from communities.stability import Stability, adjusted_mutual_information, bootstrap
from ingest.engine import records_of
from linkages import Network
from observatory.settings import Settings

#: Sector networks of up to this many nodes get a proof, where that can be done.
EXACT = 30
#: How many runs of Infomap, and how many draws of the events, tell how the number of communities spreads.
TRIALS, DRAWS = 10, 20
#: Chance networks that a network's modularity is compared with, and starts of the annealer in each.
CHANCE, STARTS = 50, 2


@dataclass(frozen=True)
class Found:
    """The communities of one network.

    Attributes
    ----------
    network, number, partition, leiden, stability
        The network; how many and by which rule; the spin glass; Leiden beside it; the resampling.
    spread
        How Infomap's number spreads (:func:`communities.numbers.numbers`); empty for networks of regions.
    noise
        The network's modularity beside that of chance; None where it was not tested.
    """

    network: Network
    number: Number
    partition: Partition
    leiden: Partition
    stability: Stability
    spread: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    noise: Noise | None = None

    @property
    def agreement(self) -> dict[str, float]:
        """Adjusted mutual information of the spin glass with Infomap, Leiden and the resamplings."""
        return {
            "infomap": _ami(self.partition, self.number.infomap),
            "leiden": _ami(self.partition, self.leiden),
            "bootstrap": self.stability.agreement,
        }

    @property
    def variation(self) -> dict[str, float]:
        """Variation of information, in nats, of the spin glass and Infomap or Leiden: 0 the same."""
        own = self.partition.membership
        others = {"infomap": self.number.infomap, "leiden": self.leiden}
        return {name: variation_of_information(own, other.membership) for name, other in others.items()}

    def table(self) -> pd.DataFrame:
        """Give ``node, label, community, stability, role``; nodes left out have community -1."""
        members = self.stability.members.set_index("node")
        nodes = self.network.nodes
        here = nodes["node"].isin(members.index)
        known = members.reindex(nodes["node"])
        return pd.DataFrame(
            {
                "node": nodes["node"],
                "label": nodes["label"],
                "community": known["community"].fillna(-1).astype("int64").to_numpy(),
                "stability": known["stability"].to_numpy(float),
                "role": known["role"].where(here.to_numpy(), "left out").to_numpy(),
            }
        )

    def summary(self) -> dict[str, Any]:
        """Give what communities/{network}.json holds."""
        partition = self.partition
        return {
            "network": self.network.name,
            "events": self.network.events,
            "nodes": len(self.network.nodes),
            "links": len(self.network.links),
            "k": partition.k,
            "q": partition.parameters["q"],
            "rule": self.number.rule,
            "finding": self.number.finding,
            "infomap_k": self.number.infomap.k,
            "infomap": self.number.infomap.details,
            "numbers": records_of(self.spread),
            "numbers_in_words": "" if self.network.kind == "region" else in_words(self.spread, self.number),
            "method": partition.method,
            "parameters": partition.parameters,
            "seed": partition.seed,
            "energy": partition.energy,
            "modularity": partition.modularity,
            "codelength": partition.codelength,
            "gaps": {
                "leiden_modularity": self.leiden.modularity,
                "leiden_k": self.leiden.k,
                "to_leiden": self.leiden.modularity - partition.modularity,
                "proven": partition.details.get("proven", False),
                "energy_spread": partition.details.get("energy_spread"),
                "starts_at_best": partition.details.get("starts_at_best"),
                "starts": partition.details.get("starts"),
            },
            "agreement": self.agreement,
            "variation": self.variation,
            "replicates": self.stability.replicates,
            "noise_p": self.noise.p if self.noise else None,
            "noise_modularity": self.noise.expected if self.noise else None,
            "noise_replicates": self.noise.replicates if self.noise else None,
            "left_out": list(partition.left_out),
            "notes": [*partition.notes, *([self.noise.sentence.removesuffix(".")] if self.noise else [])],
        }


def find(network: Network, pairs: pd.DataFrame | None, settings: Settings) -> Found:
    """Find the communities of a network as the study says.

    Parameters
    ----------
    network
        Any network.
    pairs
        The events behind it, for the resampling, as :func:`communities.resampling.resampled` takes them; None leaves
        stability unknown.
    """
    chosen = settings.communities
    fixed = chosen.spaces if isinstance(chosen.spaces, int) else None
    number = how_many(network, chosen.trials, chosen.seed, fixed)
    if fixed is not None and network.kind == "sector":
        number = Number(fixed, "study", number.finding + f" The study sets {fixed}.", number.infomap)
    exact = EXACT if network.kind == "sector" else 0
    partition = spinglass(network, number.k, chosen.gamma, chosen.restarts, chosen.seed, exact=exact)
    beside = leiden(network, chosen.gamma, seed=chosen.seed)
    replicates = chosen.bootstrap if pairs is not None else 0
    events = pairs if pairs is not None else pd.DataFrame(columns=["event", "a", "b", "part"])
    stability = bootstrap(partition, events, counting=network.drawn, replicates=replicates)
    spread = _spread(network, pairs, settings)
    noise = _beside_chance(network, pairs, partition, chosen.bootstrap)
    return Found(network, number, partition, beside, stability, spread, noise)


def _beside_chance(network: Network, pairs: pd.DataFrame | None, partition: Partition, replicates: int) -> Noise | None:
    """Compare with chance; not where the study wants no resampling or there is nothing to compare.

    Nor where links are weighed by value: chance deals out events, and of money a few hold most.
    """
    if network.unit != "events":
        return None
    events = None if pairs is None else events_in(pairs)
    noise = against_noise(network, partition, min(CHANCE, replicates), restarts=STARTS, events=events)
    return noise if noise.replicates else None


def _spread(network: Network, pairs: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """Count how many communities Infomap finds in a network of sectors when one thing at a time is varied."""
    chosen = settings.communities
    if network.kind == "region":
        return pd.DataFrame(columns=list(COLUMNS))
    return numbers(
        network,
        pairs,
        trials=min(TRIALS, chosen.trials),
        replicates=min(DRAWS, chosen.bootstrap),
        counting=network.drawn,
        seed=chosen.seed,
    )


def agreement_of(found: Mapping[str, Found]) -> list[dict[str, Any]]:
    """Compare the communities of every two networks of one kind and period or one kind and source.

    Returns
    -------
    list of dict
        ``a, b, ami, vi``: adjusted mutual information, and variation of information in nats; NaN where the
        two share fewer than two nodes.
    """
    rows = []
    names = sorted(found)
    for i, one in enumerate(names):
        for two in names[i + 1 :]:
            a, b = found[one].network, found[two].network
            if a.kind == b.kind and (a.period == b.period or a.source == b.source):
                apart = variation_of_information(found[one].partition.membership, found[two].partition.membership)
                rows.append({"a": one, "b": two, "ami": _ami(found[one].partition, found[two].partition), "vi": apart})
    return rows


def _ami(one: Partition, two: Partition) -> float:
    """Compare two partitions on the nodes that both hold."""
    both = one.membership.index.intersection(two.membership.index).sort_values()
    if len(both) < 2:
        return float("nan")
    a, b = (np.asarray(p.membership.loc[both], dtype="int64") for p in (one, two))
    return adjusted_mutual_information(a, b)

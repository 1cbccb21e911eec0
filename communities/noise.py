"""Is there structure at all: the same search on networks in which chance alone links the nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from communities.chance import chance_network
from communities.graph import Graph, main_component
from communities.partition import Partition
from communities.quality import modularity
from communities.spinglass import lowest_labels
from communities.starts import annealed, model_of
from linkages import Network

#: Above this share of chance networks that are as modular, no structure is claimed.
LEVEL = 0.05
#: Fewest chance networks with which that share can be reached.
FEWEST = 19
#: What may be said: clearer than chance, as clear as chance, or that there are too few chance networks to tell.
CLEARER, CHANCE, TOO_FEW = "clearer", "chance", "too few"


def verdict(p: float, replicates: int) -> str:
    """Say what a share of chance networks tells: :data:`CLEARER`, :data:`CHANCE` or :data:`TOO_FEW`.

    With n chance networks p is 1 / (n + 1) at least, so that fewer than :data:`FEWEST` cannot show structure; where
    none of these few is as modular, nothing speaks against it either.

    Parameters
    ----------
    p
        Share of the networks, the observed one among them, that are at least as modular.
    replicates
        Number of chance networks.

    Examples
    --------
    >>> verdict(0.02, 50), verdict(0.4, 50), verdict(0.2, 4), verdict(0.4, 4)
    ('clearer', 'chance', 'too few', 'chance')

    References
    ----------
    Davison & Hinkley (1997), 4.2: p counting the observed network as one.
    """
    if p <= LEVEL:
        return CLEARER
    return TOO_FEW if replicates < FEWEST and p * (replicates + 1) < 1.5 else CHANCE


def _three(value: float) -> str:
    """Write three digits, and no minus before zero.

    Examples
    --------
    >>> _three(0.25), _three(-0.0001), _three(-0.01)
    ('0.250', '0.000', '-0.010')
    """
    return f"{round(value, 3) + 0.0:.3f}"


@dataclass(frozen=True)
class Noise:
    """A network's modularity beside that of chance.

    Attributes
    ----------
    p
        Share of the networks, this one among them, that are at least as modular; NaN where nothing was tested.
    modularity
        What the search finds in the network itself.
    expected
        What it finds in chance networks, on average.
    replicates
        Number of chance networks.
    """

    p: float
    modularity: float
    expected: float
    replicates: int

    @property
    def sentence(self) -> str:
        """Say whether there is more structure than chance makes."""
        if not self.replicates:
            return "Whether chance alone would give such communities was not tested."
        found, expected = _three(self.modularity), _three(self.expected)
        figures = f"modularity {found}; chance networks {expected} on average, p = {self.p:.2g}"
        told = verdict(self.p, self.replicates)
        if told == CLEARER:
            return f"The communities are clearer than chance makes them ({figures})."
        if told == TOO_FEW:
            few = f"none of {self.replicates} is as clear, but it takes {FEWEST}"
            return f"There are too few chance networks to tell: {few} ({figures})."
        return f"Chance alone gives communities as clear as these: no structure is claimed ({figures})."


def against_noise(
    links: Network | pd.DataFrame,
    partition: Partition,
    replicates: int = 50,
    *,
    restarts: int = 4,
    events: int | None = None,
) -> Noise:
    """Compare a network's modularity with that of networks in which events link nodes by their sizes alone.

    A spin glass finds communities in any network, also in noise. Here as many events as the network has are
    dealt out anew, such that each node keeps its strength (:mod:`communities.chance`), and the same number of
    communities is looked for with the same effort, in the network and in each chance network.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    partition
        A spin glass partition of it; its q, γ and seed are used.
    replicates
        Number of chance networks; 0 tests nothing.
    restarts
        Starts of the annealer in each.
    events
        Independent events behind the links: a network's own number (those within one node are in it, so give the
        number without them where it is known), otherwise the sum of the weights. An event of many links is one
        draw, not many, so the sum of the weights is used only where it is smaller.

    Returns
    -------
    Noise

    Raises
    ------
    ValueError
        For links that are none.

    Examples
    --------
    >>> from communities import spinglass
    >>> ring = pd.DataFrame({"source": list("abcdef"), "target": list("bcdefa"), "weight": 1.0})
    >>> against_noise(ring, spinglass(ring, q=2), replicates=19).p > 0.05
    True

    References
    ----------
    Guimerà, Sales-Pardo & Amaral (2004), Physical Review E 70: modularity of random graphs; Reichardt &
    Bornholdt (2006), section V; p counting the observed network as one, after Davison & Hinkley (1997), 4.2.
    """
    graph = main_component(links)
    if replicates < 1 or graph.n < 3:
        return Noise(float("nan"), partition.modularity, float("nan"), 0)
    if events is None and isinstance(links, Network):
        events = links.events
    total = float(graph.weight.sum())
    draws = max(1, round(total if events is None else min(total, events)))
    generator = np.random.default_rng([partition.seed, 20040825])
    found = [_modularity(graph, partition, restarts, partition.seed)]
    for run in range(replicates):
        chance = chance_network(graph, draws, generator)
        found.append(_modularity(chance, partition, restarts, partition.seed + 1000 * (run + 1)))
    as_clear = sum(value >= found[0] - 1e-12 for value in found)
    return Noise(as_clear / (replicates + 1), found[0], float(np.mean(found[1:])), replicates)


def _modularity(graph: Graph, partition: Partition, restarts: int, seed: int) -> float:
    q, gamma = int(partition.parameters["q"]), float(partition.parameters["gamma"])
    if graph.n < 2:
        return 0.0
    starts = annealed(model_of(graph, q, gamma), restarts, seed)
    return modularity(graph, lowest_labels(graph, starts, gamma)[0][0], gamma)

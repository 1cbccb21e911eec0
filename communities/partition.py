"""A partition of a network's nodes, with everything needed to explain and repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from communities.graph import Graph, Ints
from communities.quality import codelength, energy, modularity, signed_modularity
from linkages.shown import paragraph, table_html


@dataclass(frozen=True)
class Partition:
    """Which community each node is in, by which method, and how good that is.

    Attributes
    ----------
    membership
        Series node → community; 0 is the largest, ties by first member.
    method, parameters, seed
        What was run.
    energy, modularity, codelength
        Potts energy (unit of the weights), modularity at the γ of `parameters`, map equation in bits (NaN
        where there are negative weights).
    left_out
        Nodes outside the main component.
    notes
        What is to be said of the result, in sentences.
    alternatives
        Other partitions as good as this one to the last digit.
    """

    membership: pd.Series[int]
    method: str
    parameters: Mapping[str, Any]
    seed: int
    energy: float
    modularity: float
    codelength: float
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    alternatives: tuple[pd.Series[int], ...] = ()

    @property
    def k(self) -> int:
        """Number of communities."""
        return int(self.membership.nunique())

    @property
    def labels(self) -> Ints:
        """Communities in the order of the sorted nodes."""
        return np.asarray(self.membership.to_numpy("int64"), dtype="int64")

    def __repr__(self) -> str:
        """Say what the partition is."""
        return (
            f"<Partition {self.method}: {len(self.membership)} nodes in {self.k} communities, "
            f"Q = {self.modularity:.4f}, L = {self.codelength:.4f} bits, seed {self.seed}, "
            f"{len(self.left_out)} left out>"
        )

    def _repr_html_(self) -> str:
        """Show the partition in a notebook: how good it is, and the members of each community."""
        members = self.membership.groupby(self.membership, sort=True)
        rows = [(int(str(number)), len(nodes), ", ".join(map(str, nodes.index))) for number, nodes in members]
        table = table_html(["community", "nodes", "members"], rows, f"Communities by {self.method}")
        out = [paragraph(f"Left out: {', '.join(self.left_out)}")] if self.left_out else []
        return "".join([paragraph(repr(self)[1:-1]), table, *out, *map(paragraph, self.notes)])

    def with_notes(self, *notes: str, **details: Any) -> Partition:
        """Add what is to be said of the result."""
        return replace(self, notes=(*self.notes, *notes), details={**self.details, **details})


def partition_of(
    graph: Graph,
    labels: Ints,
    method: str,
    parameters: Mapping[str, Any],
    seed: int,
    *,
    notes: tuple[str, ...] = (),
    details: Mapping[str, Any] | None = None,
) -> Partition:
    """Number communities by size, the largest 0, and measure the partition.

    Examples
    --------
    >>> path = Graph(("a", "b", "c"), np.array([0, 1]), np.array([1, 2]), np.ones(2))
    >>> partition_of(path, np.array([5, 2, 2]), "by hand", {}, 1).membership.to_dict()
    {'a': 1, 'b': 0, 'c': 0}
    """
    ordered = by_size(np.asarray(labels, dtype="int64"))
    gamma = float(parameters.get("gamma", 1.0))
    lam = float(parameters["lam"]) if "lam" in parameters else None
    return Partition(
        membership=pd.Series(ordered, index=pd.Index(graph.names, name="node", dtype=str), name="community"),
        method=method,
        parameters=dict(parameters),
        seed=seed,
        energy=energy(graph, ordered, gamma, lam),
        modularity=modularity(graph, ordered, gamma) if lam is None else signed_modularity(graph, ordered, gamma, lam),
        codelength=codelength(graph, ordered) if lam is None else float("nan"),
        left_out=graph.left_out,
        notes=notes,
        details=dict(details or {}),
    )


def by_size(labels: Ints) -> Ints:
    """Renumber labels: the community of most nodes 0; of equal ones, the one that begins first.

    Examples
    --------
    >>> by_size(np.array([7, 7, 3, 3, 3])).tolist()
    [1, 1, 0, 0, 0]
    """
    if labels.size == 0:
        return labels
    values, first, inverse, size = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(values), dtype="int64")
    rank[np.lexsort((first, -size))] = np.arange(len(values))
    return np.asarray(rank[inverse], dtype="int64")

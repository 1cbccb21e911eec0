"""Networks of the literature, and one with planted communities."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest


def table_of(graph: nx.Graph, weighted: bool) -> pd.DataFrame:
    rows = [(str(a), str(b), float(d.get("weight", 1)) if weighted else 1.0) for a, b, d in graph.edges(data=True)]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


@pytest.fixture(scope="session")
def networks() -> dict[str, pd.DataFrame]:
    """The reference networks, by name."""
    return {
        "zachary": table_of(nx.karate_club_graph(), False),
        "zachary weighted": table_of(nx.karate_club_graph(), True),
        "les miserables": table_of(nx.les_miserables_graph(), False),
        "les miserables weighted": table_of(nx.les_miserables_graph(), True),
        "florentine": table_of(nx.florentine_families_graph(), False),
    }


@pytest.fixture(scope="session")
def planted() -> tuple[pd.DataFrame, pd.Series]:
    """A dense weighted network of 60 nodes in four communities, and the communities."""
    generator = np.random.default_rng(7)
    group = np.repeat(np.arange(4), 15)
    i, j = np.triu_indices(60, 1)
    rate = np.where(group[i] == group[j], 12.0, 1.5)
    weight = generator.poisson(rate).astype(float)
    names = np.array([f"n{k:02d}" for k in range(60)])
    table = pd.DataFrame({"source": names[i], "target": names[j], "weight": weight})
    return table[table["weight"] > 0], pd.Series(group, index=names)

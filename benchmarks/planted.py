"""Recovery of planted communities against signal: ``python benchmarks/planted.py``.

Networks with Poisson weights of which the signal is known beforehand, from none to clear.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if __name__ == "__main__":  # beside this file lies one with the name of the package that it measures
    sys.path[0] = str(Path(__file__).resolve().parents[1])
if TYPE_CHECKING:
    import altair as alt

#: The networks: nodes, communities, expected events a node, planted modularity; chance networks for each p.
NODES, COMMUNITIES, STRENGTHS = 60, 4, (20.0, 60.0, 200.0)
SIGNALS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.34, 0.4, 0.5)
REPLICATES = 19
COLOURS = ["#0072B2", "#E69F00", "#009E73"]


def planted(
    nodes: int, communities: int, signal: float, strength: float, seed: int
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Draw a network of equal communities whose expected modularity is `signal`.

    Every pair of nodes gets a Poisson number of events; pairs within a community have the higher rate, such that the
    share of all weight within communities exceeds what chance gives by `signal`.

    Parameters
    ----------
    nodes, communities
        How many; at signal 0 all rates are the same and there is nothing to find.
    signal
        Planted modularity, 0 up to 1 - 1/communities.
    strength
        Expected number of events a node.

    Returns
    -------
    links, group
        ``source, target, weight``, and the community of each node in the order of their names.
    """
    generator = np.random.default_rng([seed, nodes, communities, round(signal * 1000)])
    group = np.arange(nodes, dtype="int64") * communities // nodes
    i, j = np.triu_indices(nodes, 1)
    same = group[i] == group[j]
    share = np.bincount(group) / nodes
    inside = signal + float((share**2).sum()) if signal else float(same.mean())
    total = strength * nodes / 2.0
    rate = np.where(same, total * inside / same.sum(), total * (1.0 - inside) / (~same).sum())
    return _table(i, j, generator.poisson(rate), nodes), group


def noise(nodes: int, strength: float, seed: int, *, uneven: float = 0.0) -> pd.DataFrame:
    """Draw a network without communities: events fall on pairs in proportion to the sizes of their ends.

    Parameters
    ----------
    uneven
        Spread of the sizes (standard deviation of their logarithm); 0 makes all alike, an Erdős–Rényi network.
    """
    generator = np.random.default_rng([seed, nodes, round(uneven * 1000), 77])
    size = np.exp(uneven * generator.standard_normal(nodes))
    i, j = np.triu_indices(nodes, 1)
    rate = size[i] * size[j]
    return _table(i, j, generator.poisson(rate * strength * nodes / 2.0 / rate.sum()), nodes)


def events_of(links: pd.DataFrame) -> pd.DataFrame:
    """Take each unit of weight for an event of its own, as the resampling wants them."""
    rows = links.loc[links.index.repeat(links["weight"].astype(int))]
    number = [f"e{k:07d}" for k in range(len(rows))]
    return pd.DataFrame({"event": number, "a": rows["source"].array, "b": rows["target"].array, "part": 1.0})


def rand_index(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> float:
    """Adjusted Rand index of two partitions (Hubert & Arabie 1985): 1 the same, 0 what chance gives."""
    import igraph

    return float(igraph.compare_communities(a.tolist(), b.tolist(), method="adjusted_rand"))


def _table(i: npt.NDArray[np.int64], j: npt.NDArray[np.int64], weight: npt.NDArray[np.int64], n: int) -> pd.DataFrame:
    names = np.array([f"n{k:04d}" for k in range(n)])
    kept = weight > 0
    return pd.DataFrame({"source": names[i[kept]], "target": names[j[kept]], "weight": weight[kept].astype(float)})


def measure(nodes: int, communities: int, signal: float, strength: float, seed: int) -> dict[str, float | int | str]:
    """Look for planted communities as a study does: Infomap's number, the spin glass, then chance networks.

    Returns
    -------
    dict
        ``strength, signal, seed``; `rand`, the adjusted Rand index with the plant; `k` and its `rule`; `p` against
        noise.
    """
    from communities import how_many, spinglass
    from communities.noise import against_noise

    links, group = planted(nodes, communities, signal, strength, seed)
    number = how_many(links, trials=20)
    found = spinglass(links, number.k, restarts=10, exact=0)
    here = np.array([int(name[1:]) for name in found.membership.index])
    return {
        "strength": strength,
        "signal": signal,
        "seed": seed,
        "rand": rand_index(group[here], found.labels),
        "k": found.k,
        "rule": number.rule,
        "p": against_noise(links, found, replicates=REPLICATES, restarts=2).p,
    }


def noises(networks: int) -> list[tuple[float, float, float, int]]:
    """Signal, strength, spread of sizes and seed of networks without structure, and of clear ones to compare with."""
    kinds = [
        (0.0, 20.0, 0.0),
        (0.0, 60.0, 0.0),
        (0.0, 20.0, 1.0),
        (0.0, 60.0, 1.0),
        (0.34, 20.0, 0.0),
        (0.34, 60.0, 0.0),
    ]
    return [(*kind, seed) for kind in kinds for seed in range(101, 101 + networks)]


def on_noise(signal: float, strength: float, uneven: float, seed: int) -> dict[str, float | str]:
    """Say what number, stability and p come out where there is nothing to find."""
    from communities import how_many, spinglass
    from communities.noise import LEVEL, against_noise
    from communities.stability import bootstrap

    named = f"planted {signal}" if signal else "noise, sizes uneven" if uneven else "noise"
    links = planted(NODES, COMMUNITIES, signal, strength, seed)[0]
    if not signal:
        links = noise(NODES, strength, seed, uneven=uneven)
    number = how_many(links, trials=20)
    found = spinglass(links, number.k, restarts=10, exact=0)
    sure = bootstrap(found, events_of(links), replicates=REPLICATES)
    return {
        "network": named,
        "events a node": strength,
        "number": found.k,
        "one module by Infomap": float(number.infomap.k == 1),
        "modularity": found.modularity,
        "stability of members": float(sure.members["stability"].mean()),
        "core members": float((sure.members["role"] == "core").mean()),
        "agreement of resamplings": sure.agreement,
        "structure claimed": float(against_noise(links, found, replicates=REPLICATES, restarts=2).p <= LEVEL),
    }


def markdown(table: pd.DataFrame) -> str:
    """Lay a table out in Markdown."""
    lines = [list(table.columns), ["---"] * table.shape[1]]
    lines += [[f"{x:.3g}" if isinstance(x, float) else str(x) for x in row] for row in table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean and lowest Rand index, share with the right number, and share in which structure is claimed, a point."""
    from communities.noise import LEVEL

    marked = runs.assign(
        claimed=runs["p"] <= LEVEL, right=runs["k"] == COMMUNITIES, infomap=runs["rule"].str.startswith("infomap")
    )
    grouped = marked.groupby(["strength", "signal"])
    return grouped.agg(
        networks=("rand", "size"),
        mean=("rand", "mean"),
        lowest=("rand", "min"),
        right_number=("right", "mean"),
        by_infomap=("infomap", "mean"),
        claimed=("claimed", "mean"),
    ).reset_index()


def figure(points: pd.DataFrame) -> alt.VConcatChart:
    """Draw both curves: how much of the plant is found, and how often structure is claimed."""
    import altair as alt

    shown = points.assign(events=points["strength"].map(lambda s: f"{s:g}"))
    order = [f"{s:g}" for s in sorted(points["strength"].unique())]
    base = alt.Chart(shown).encode(
        x=alt.X("signal:Q", title="planted modularity"),
        # Okabe and Ito's colours, told apart by everybody; the shapes say the same.
        color=alt.Color("events:N", sort=order, title="events a node", scale=alt.Scale(range=COLOURS)),
        shape=alt.Shape("events:N", sort=order, title="events a node"),
    )
    charts = []
    for column, title in (
        ("mean", "Adjusted Rand index with the plant (mean)"),
        ("claimed", "Share of networks in which structure is claimed"),
    ):
        y = alt.Y(f"{column}:Q", title=None, scale=alt.Scale(domain=[-0.05, 1.05]))
        lines = base.mark_line(strokeWidth=2).encode(y=y) + base.mark_point(size=60, filled=True).encode(y=y)
        marks = alt.Chart(pd.DataFrame({"x": [0.34]})).mark_rule(strokeDash=[4, 4], color="#777777").encode(x="x:Q")
        charts.append((marks + lines).properties(width=520, height=230, title=alt.Title(title, anchor="start")))
    return alt.vconcat(*charts).configure_view(stroke=None)


def main() -> None:
    """Measure every point over all cores, write docs/recovery.svg and print the table."""
    from concurrent.futures import ProcessPoolExecutor

    parser = argparse.ArgumentParser(description="Recovery of planted communities against signal.")
    parser.add_argument("--networks", type=int, default=20, help="networks a point")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "docs" / "recovery.svg")
    chosen = parser.parse_args()
    points = [
        (NODES, COMMUNITIES, signal, strength, seed)
        for strength in STRENGTHS
        for signal in SIGNALS
        for seed in range(1, chosen.networks + 1)
    ]
    with ProcessPoolExecutor() as pool:
        runs = pd.DataFrame(list(pool.map(measure, *zip(*points, strict=True), chunksize=5)))
        quiet = list(pool.map(on_noise, *zip(*noises(chosen.networks), strict=True)))
    points_found = summary(runs)
    figure(points_found).save(str(chosen.out))
    print(markdown(points_found))
    print(markdown(pd.DataFrame(quiet).groupby(["network", "events a node"]).mean().reset_index()))


if __name__ == "__main__":
    main()

"""Recovery of planted communities against signal: ``python benchmarks/planted.py``.

Networks with Poisson weights of which the signal is known beforehand, from none to clear.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

if __name__ == "__main__":  # beside this file lies one with the name of the package that it measures
    sys.path[0] = str(Path(__file__).resolve().parents[1])

#: The networks: nodes, communities, expected events a node, planted modularity; chance networks for each p.
NODES, COMMUNITIES, STRENGTHS = 60, 4, (20.0, 60.0, 200.0)
SIGNALS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.34, 0.4, 0.5)
REPLICATES = 19


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
    seed
        Seed of the draw.

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


def measure(strength: float, signal: float, seed: int) -> dict[str, float | int | str]:
    """Look for planted communities as a study does: Infomap's number, the spin glass, then chance networks.

    Returns
    -------
    dict
        ``strength, signal, seed``; `rand`, the adjusted Rand index with the plant; `gain`, how much more modular what
        is found is than the plant; `k` and its `rule`; `p` against noise.
    """
    from communities import how_many, spinglass
    from communities.graph import main_component
    from communities.noise import against_noise
    from communities.partition import by_size
    from communities.quality import modularity

    links, group = planted(NODES, COMMUNITIES, signal, strength, seed)
    number = how_many(links, trials=20)
    found = spinglass(links, number.k, restarts=10, exact=0)
    here = np.array([int(name[1:]) for name in found.membership.index])
    return {
        "strength": strength,
        "signal": signal,
        "seed": seed,
        "communities": COMMUNITIES,
        "rand": rand_index(group[here], found.labels),
        "gain": found.modularity - modularity(main_component(links), by_size(group[here])),
        "k": found.k,
        "rule": number.rule,
        "p": against_noise(links, found, replicates=REPLICATES, restarts=2).p,
    }


def points(networks: int, quick: bool = False) -> list[dict[str, float]]:
    """List the planted networks: each amount of events, each signal, so many seeds, one of each point first."""
    strengths, signals = ((20.0,), (0.0, 0.5)) if quick else (STRENGTHS, SIGNALS)
    seeds = range(1, networks + 1)
    return [{"strength": k, "signal": signal, "seed": seed} for seed in seeds for k in strengths for signal in signals]


def noises(networks: int, clear: int, quick: bool = False) -> list[dict[str, float]]:
    """List networks without structure, with even and uneven sizes, and some clear ones to compare with."""
    kinds = [(0.0, uneven, strength, networks) for uneven in (0.0, 1.0) for strength in (20.0, 60.0)]
    kinds += [(0.34, 0.0, strength, clear) for strength in (20.0, 60.0)]
    return [
        {"signal": signal, "strength": strength, "uneven": uneven, "seed": 101 + draw}
        for draw in range(max(networks, clear))
        for signal, uneven, strength, number in (kinds[:1] if quick else kinds)
        if draw < number
    ]


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
        "strength": strength,
        "number": found.k,
        "one module by Infomap": float(number.infomap.k == 1),
        "modularity": found.modularity,
        "stability of members": float(sure.members["stability"].mean()),
        "core members": float((sure.members["role"] == "core").mean()),
        "agreement of resamplings": sure.agreement,
        "claimed": float(against_noise(links, found, replicates=REPLICATES, restarts=2).p <= LEVEL),
    }


def main() -> None:
    """Measure every point over all cores, draw the curves and print the tables."""
    from benchmarks.kept import measured
    from benchmarks.recovery import figure, markdown, quiet_summary, summary

    parser = argparse.ArgumentParser(description="Recovery of planted communities against signal.")
    parser.add_argument("--networks", type=int, default=20, help="networks a point")
    parser.add_argument("--noise", type=int, default=50, help="networks of each kind of noise")
    parser.add_argument("--keep", type=Path, help="folder in which every result is kept, to go on after a break")
    parser.add_argument("--workers", type=int, help="processes; one a core")
    parser.add_argument("--quick", action="store_true", help="two points and one kind of noise, to see that it runs")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "docs" / "recovery.svg")
    chosen = parser.parse_args()
    networks, noise_networks = (1, 2) if chosen.quick else (chosen.networks, chosen.noise)
    files = {name: chosen.keep and chosen.keep / f"{name}.jsonl" for name in ("planted", "noise")}
    plants = points(networks, chosen.quick)
    quiet = noises(noise_networks, networks, chosen.quick)
    silent = pd.DataFrame(measured(on_noise, quiet, files["noise"], chosen.workers, "noise"))
    runs = pd.DataFrame(measured(measure, plants, files["planted"], chosen.workers, "planted communities"))
    points_found = summary(runs)
    figure(points_found).save(str(chosen.out))
    sys.stdout.write(markdown(points_found) + "\n" + markdown(quiet_summary(silent)))


if __name__ == "__main__":
    main()

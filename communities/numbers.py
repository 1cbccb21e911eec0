"""How many, as a distribution: what Infomap's number is in most runs, its range, and what moves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from communities.graph import Graph, main_component
from communities.infomap import Number, graph_of, infomap_of
from communities.resampling import resampled
from linkages import Network, backbone, strength

#: What is varied, and its name in a sentence.
VARIED = {
    "trial": "the random start",
    "seed": "the seed",
    "markov time": "the scale of the view",
    "backbone": "the choice of links",
    "events": "the draw of events",
}
COLUMNS = ("by", "setting", "k", "runs", "share")
#: Where the number comes from when Infomap's is of no use, in the words of a sentence.
WAYS_OUT = {
    "infomap on links above expectation": "comes from the links that are stronger than the sizes of their ends suggest",
    "leiden": "comes from the best Leiden partition",
    "study": "is the one that the study sets",
}


def numbers(
    links: Network | pd.DataFrame,
    pairs: pd.DataFrame | None = None,
    *,
    trials: int = 20,
    seeds: int = 10,
    markov_times: Sequence[float] = (0.75, 1.0, 1.5, 2.0),
    backbones: Sequence[str] = ("association", "noise_corrected", "disparity"),
    replicates: int = 50,
    counting: str = "full",
    seed: int = 1,
) -> pd.DataFrame:
    """Count Infomap's modules over trials, seeds, Markov times, backbones and draws of the events.

    Each is varied by itself, the others as in the plain run: all links, Markov time 1, best of `trials`.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    pairs
        ``event, a, b, part``: the events behind the links, as :func:`communities.resampling.resampled` takes
        them; without them they are not drawn again.
    trials
        Runs of Infomap; each alone is a row of its own, elsewhere the best of them counts.
    seeds
        How many times `trials` runs are made afresh; no two share a random start.
    markov_times
        Steps of the random walk for each one encoded.
    backbones
        Methods of :func:`linkages.backbone`; links of ``association`` are weighed by association strength,
        others as they are. ``noise_corrected`` and ``strong`` take weights as numbers of events.
    replicates, counting
        Poisson draws of the events, and how an event counts: ``full`` or ``fractional``.
    seed
        Seed of everything random.

    Returns
    -------
    DataFrame
        ``by, setting, k, runs, share``: of the runs of one setting, how many and what share find k modules
        (0: no link is left). `by` is a key of :data:`VARIED`. No rows where there are no links.

    Raises
    ------
    ValueError
        For links that are none, an unknown backbone, and numbers of runs or Markov times below their least.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> print(numbers(table, trials=2, seeds=1, markov_times=(4.0,), backbones=()).to_string(index=False))
             by   setting  k  runs  share
          trial each once  2     2    1.0
           seed best of 2  2     1    1.0
    markov time         4  1     1    1.0

    References
    ----------
    Rosvall & Bergstrom (2010), PLoS ONE 5 (draws of events); Kheirkhahzadeh, Lancichinetti & Rosvall
    (2016), Physical Review E 93 (Markov times).
    """
    if trials < 1 or seed < 1 or seeds < 0 or replicates < 0:
        given = f"trials={trials}, seed={seed}, seeds={seeds}, replicates={replicates}"
        raise ValueError(f"trials and seed must be 1 or more, seeds and replicates 0 or more; got {given}")
    if wrong := [t for t in markov_times if not (t > 0 and np.isfinite(t))]:
        raise ValueError(f"a Markov time is a number above 0; got {', '.join(map(str, wrong))}")
    graph = main_component(links)
    found: list[tuple[str, str, int]] = []
    if graph.n > 1:
        found += [("trial", "each once", infomap_of(graph, 1, seed + i).k) for i in range(trials)]
        best = f"best of {trials}"
        found += [("seed", best, infomap_of(graph, trials, seed + i * trials).k) for i in range(seeds)]
        found += [("markov time", f"{t:g}", infomap_of(graph, trials, seed, t).k) for t in markov_times]
        found += [("backbone", method, _on_backbone(graph, method, trials, seed)) for method in backbones]
        if pairs is not None:
            found += [("events", "drawn again", k) for k in _drawn(graph, pairs, trials, replicates, counting, seed)]
    return _counted(found)


def _on_backbone(graph: Graph, method: str, trials: int, seed: int) -> int:
    """Count the modules of the links that stand out; pieces that fall apart are modules or more."""
    table = strength(pd.DataFrame({"source": graph.source, "target": graph.target, "weight": graph.weight}))
    # Rounding must not lift a link over its expectation.
    chosen = backbone(table, method, 1.0 + 1e-12 if method == "association" else None)
    weight = table["association" if method == "association" else "weight"].to_numpy(float)
    kept = graph_of(graph, table.index.isin(chosen.index), weight)
    return infomap_of(kept, trials, seed).k if kept.n else 0


def _drawn(graph: Graph, pairs: pd.DataFrame, trials: int, replicates: int, counting: str, seed: int) -> Iterator[int]:
    """Count the modules of each draw of the events."""
    for one in resampled(pairs, list(graph.names), counting, replicates, seed):
        yield infomap_of(one, trials, seed).k


def _counted(found: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """Count equal numbers within each setting, in the order in which the settings came."""
    each: dict[tuple[str, str], Counter[int]] = {}
    for by, setting, k in found:
        each.setdefault((by, setting), Counter())[k] += 1
    rows = [(*key, k, runs, runs / ks.total()) for key, ks in each.items() for k, runs in sorted(ks.items())]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"by": "str", "setting": "str", "k": "int64", "runs": "int64", "share": "float64"})


def in_words(found: pd.DataFrame, decided: Number | None = None) -> str:
    """Say what the number is in most runs, its range, what moves it, and which rule decides if it is no use.

    Parameters
    ----------
    found
        What :func:`numbers` gives.
    decided
        What :func:`communities.how_many` gives for the same network: the number used, and by which rule.

    Examples
    --------
    >>> rows = [("trial", "each once", 2, 9, 0.9), ("trial", "each once", 3, 1, 0.1), ("markov time", "4", 1, 1, 1.0)]
    >>> in_words(pd.DataFrame(rows, columns=COLUMNS)).split(". ")[0]
    'Infomap finds 2 communities in 9 of 11 runs (1 to 3 over all)'
    >>> in_words(pd.DataFrame(rows, columns=COLUMNS)).split(". ")[1]
    'The number moves with the random start (2 to 3) and the scale of the view (1 at Markov time 4).'
    """
    if found.empty:
        return "There are no links to look at."
    runs = found.groupby("k")["runs"].sum()
    usual, total = runs.index.tolist()[int(runs.argmax())], int(runs.sum())
    said = f"Infomap finds {_communities(usual)} in "
    if len(runs) == 1:
        same = [name for by, name in VARIED.items() if (found["by"] == by).any()]
        said += f"all {total} runs, whatever {_listed(same)}."
    else:
        said += f"{runs[usual]} of {total} runs ({_range(runs.index.tolist())} over all). {_what_moves(found, usual)}"
    return said + _way_out(usual, decided)


def _communities(k: int) -> str:
    words = {0: "no link to look at", 1: "one single community, that is no division,"}
    return words.get(k, f"{k} communities")


def _range(ks: Sequence[int]) -> str:
    return f"{min(ks)}" if min(ks) == max(ks) else f"{min(ks)} to {max(ks)}"


def _what_moves(found: pd.DataFrame, usual: int) -> str:
    """Tell what gives other numbers than the usual one, and which; then what does not."""
    moving, still = [], []
    for by, name in VARIED.items():
        here = found[found["by"] == by]
        other = here[here["k"] != usual]
        if not other.empty:
            moving.append(f"{name} ({_others(by, here, other)})")
        elif not here.empty:
            still.append(name)
    last = f", not with {_listed(still, 'or')}." if still else "."
    return f"The number moves with {_listed(moving)}{last}"


def _others(by: str, here: pd.DataFrame, other: pd.DataFrame) -> str:
    """Name each setting that gives another number; of runs that chance alone tells apart, the range."""
    places = {"markov time": "at Markov time {}", "backbone": "on the {} backbone"}
    if by not in places:
        return _range(here["k"].tolist())
    cases = zip(other["k"].tolist(), other["setting"].tolist(), strict=True)
    return ", ".join(f"{k or 'none'} {places[by].format(name.replace('_', '-'))}" for k, name in cases)


def _way_out(usual: int, decided: Number | None) -> str:
    """Say which rule decides where Infomap's number is one, or too near the number of nodes."""
    if decided is None:
        return " The number to look for must come from another rule or from the study." if usual == 1 else ""
    n = len(decided.infomap.membership)
    many = f" With {n} nodes that is too many to say what belongs together." if usual > 1 and 2 * usual >= n else ""
    if decided.rule in WAYS_OUT:
        return f"{many} The number used, {decided.k}, {WAYS_OUT[decided.rule]}."
    if decided.rule == "infomap":
        return many if decided.k == usual else f"{many} The number used, {decided.k}, is that of all links as they are."
    taken = "one whole" if decided.k == 1 else f"{decided.k} communities"
    return f"{many} No rule gives a number between 2 and half the nodes, so the network is taken as {taken}."


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

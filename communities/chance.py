"""Chance networks: as many events, dealt out anew such that every node keeps its strength."""

from __future__ import annotations

import numpy as np

from communities.graph import Floats, Graph, Ints, largest_part

#: Most rounds in which loops are undone, and rounds in which all events change partners afterwards.
UNDOING, MIXING = 60, 3


def chance_network(graph: Graph, events: int, generator: np.random.Generator) -> Graph:
    """Deal out the ends of events anew, and give the main component.

    Every event is a link of weight 1 with two ends. The ends stay at their nodes, and which two ends make an event is
    drawn by chance, all drawings without a link from a node to itself being as likely. So the strengths are those of
    the network itself, not strengths that scatter about them: that would make chance networks less modular.

    Parameters
    ----------
    graph
        A connected graph.
    events
        Number of events, 1 or more; strengths are brought to twice this number in sum. Where this leaves parts of an
        end, chance says which nodes have one end more.
    generator
        Where the drawings come from.

    Examples
    --------
    >>> square = Graph(("a", "b", "c", "d"), np.array([0, 0, 1, 2]), np.array([1, 3, 2, 3]), np.full(4, 3.0))
    >>> drawn = chance_network(square, 12, np.random.default_rng(1))
    >>> drawn.strengths.tolist(), bool((drawn.source < drawn.target).all())
    ([6.0, 6.0, 6.0, 6.0], True)

    References
    ----------
    Molloy & Reed (1995), Random Structures & Algorithms 6: pairing of ends; Fosdick, Larremore, Nishimura & Ugander
    (2018), SIAM Review 60, section 3: double swaps reach every drawing alike.
    """
    ends = np.repeat(np.arange(graph.n), _ends(graph.strengths, events, generator)).astype("int64")
    generator.shuffle(ends)
    one, two = ends[:events].copy(), ends[events:].copy()
    _mixed(one, two, generator)
    # A node with more than half of all ends cannot be rid of its loops; they are no links.
    low, high = np.minimum(one, two), np.maximum(one, two)
    codes, weight = np.unique(low[low < high] * graph.n + high[low < high], return_counts=True)
    return largest_part(graph.names, codes // graph.n, codes % graph.n, weight.astype("float64"))


def _ends(strength: Floats, events: int, generator: np.random.Generator) -> Ints:
    """Give each node its number of ends, 2 · `events` in sum: whole, or the next number below or above by chance."""
    wanted = np.cumsum(strength / strength.sum() * (2.0 * events))
    wanted[-1] = 2.0 * events
    # Counting up to marks one end apart, from a random place on, gives each node its expected number; rounding first
    # keeps whole numbers whole.
    marks = np.floor(np.round(wanted, 6) + generator.random() * (1.0 - 1e-5))
    marks[-1] = 2.0 * events
    return np.diff(marks, prepend=0.0).astype("int64")


def _mixed(one: Ints, two: Ints, generator: np.random.Generator) -> None:
    """Let events change partners, two and two, until there are no loops and some rounds more, in place."""
    left, half = MIXING, one.size // 2
    for _ in range(UNDOING):
        left -= not (one == two).any()
        if left < 0:
            return
        order = generator.permutation(one.size)
        x, y = order[:half], order[half : 2 * half]
        turned = y[generator.random(half) < 0.5]
        one[turned], two[turned] = two[turned], one[turned]
        _swapped(one, two, x, y)


def _swapped(one: Ints, two: Ints, x: Ints, y: Ints) -> None:
    """Exchange the second ends of events x and y, where both have two different ends then."""
    fine = (one[x] != two[y]) & (one[y] != two[x])
    x, y = x[fine], y[fine]
    two[x], two[y] = two[y], two[x]

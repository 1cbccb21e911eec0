"""Communities of two periods matched: what continued, split, merged, was born or died, and who moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from communities.graph import Floats
from communities.stability import CORE

EVENTS = ("continued", "split", "merged", "born", "died")
KINDS = ("stayed", "moved", "born", "vanished")
#: More than this part of a space's members makes it the heir, or the origin, of another.
HALF = 0.5
Stabilities = tuple["pd.Series[float]", "pd.Series[float]"]
Space = Any


def match_periods(first: pd.Series[Any], second: pd.Series[Any], stability: Stabilities | None = None) -> pd.DataFrame:
    """Tell what became of the spaces of one period in the next.

    Spaces are paired so that as many members as possible stay in a pair (Kuhn 1955); among equal answers the
    one with the more similar spaces is taken (Jaccard). A pair *continued* when the common members are more
    than half of the one space or of the other. Of the spaces that remain, a later one with more than half of
    its members out of one earlier space is *split* from it, any other is *born*; an earlier one with more than
    half of its members in one later space *merged* into it, any other *died*.

    Parameters
    ----------
    first, second
        Node → its space in each period; empty, or no row, where it is in none.
    stability
        Node → share of the resamplings in which it stays with its space, 0 to 1, in each period.

    Returns
    -------
    DataFrame
        One row an event, sorted: ``event``; ``from``, ``to`` (the spaces, None where there is none);
        ``members`` (those in common; of a space born or died, all of its own); ``share`` (of the earlier
        space's members those that are in the later, for continued and merged; of the later one's members those that
        come from the earlier, for split; of its members those that are in no space of the other period, for
        born and died); ``jaccard`` (common members over the members of both); ``stable`` (part of `members`
        that stay with their space in 95 % of the resamplings in both periods; NaN where that is unknown).

    Raises
    ------
    ValueError
        When a node stands twice.

    Examples
    --------
    >>> before = pd.Series({"a": "x", "b": "x", "c": "x", "d": "x", "e": "x", "f": "y"})
    >>> after = pd.Series({"a": "u", "b": "u", "c": "u", "d": "v", "e": "v", "g": "w"})
    >>> match_periods(before, after)[["event", "from", "to", "members"]].values.tolist()
    [['continued', 'x', 'u', 3], ['split', 'x', 'v', 2], ['born', None, 'w', 1], ['died', 'y', None, 1]]

    References
    ----------
    Palla, Barabási & Vicsek (2007), Nature 446: the events, and the relative overlap (Jaccard) that matches
    communities; Asur, Parthasarathy & Ucar (2009), ACM TKDD 3: more than half of the members as the mark of a
    split or a merger; Rosvall & Bergstrom (2010), PLoS ONE 5: what is unsure is told apart from what is not.
    """
    before, after = _spaces(first), _spaces(second)
    heirs = _descent(before, after)
    rows = [_event(before, after, _stable(before, after, stability), *heir) for heir in heirs]
    columns = ["event", "from", "to", "members", "share", "jaccard", "stable"]
    types = ("str", "object", "object", "int64", "float64", "float64", "float64")
    return _table(rows, dict(zip(columns, types, strict=True)))


def moves(first: pd.Series[Any], second: pd.Series[Any], stability: Stabilities | None = None) -> pd.DataFrame:
    """Tell for each node where it went.

    Parameters
    ----------
    first, second, stability
        As :func:`match_periods`.

    Returns
    -------
    DataFrame
        ``node``; ``from``, ``to`` (its spaces, None where it is in none); ``kind``: *stayed* (its later space
        continued, split from or merged with its earlier one), *moved* (another), *born* (in no space before),
        *vanished* (in none since); ``stable``: whether it stays with its space in 95 % of the resamplings
        in every period in which it is in one (empty where that is unknown). Sorted by node; nodes that are in
        no space of either period are not listed.

    Examples
    --------
    >>> before = pd.Series({"a": "x", "b": "x", "c": "x", "d": "y", "e": "y", "g": "y"})
    >>> after = pd.Series({"a": "u", "b": "u", "c": "v", "d": "v", "e": "v", "f": "v"})
    >>> moves(before, after)["kind"].tolist()
    ['stayed', 'stayed', 'moved', 'stayed', 'stayed', 'born', 'vanished']
    """
    before, after = _spaces(first), _spaces(second)
    heirs = {(start, end) for _, start, end in _descent(before, after)}
    sure = _stable(before, after, stability)
    rows = [
        (node, start, end, _kind(start, end, heirs), sure[node])
        for node in sorted({*before, *after})
        for start, end in [(before.get(node), after.get(node))]
    ]
    return _table(rows, {"node": "str", "from": "object", "to": "object", "kind": "str", "stable": "boolean"})


def _table(rows: list[tuple[Any, ...]], types: Mapping[str, str]) -> pd.DataFrame:
    """Make a table whose spaces stay what they are, None included."""
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return pd.DataFrame(
        {name: pd.Series(list(column), dtype=kind) for (name, kind), column in zip(types.items(), columns, strict=True)}
    )


def _kind(start: Space, end: Space, heirs: set[tuple[Space, Space]]) -> str:
    if start is None or end is None:
        return "born" if start is None else "vanished"
    return "stayed" if (start, end) in heirs else "moved"


def _spaces(given: pd.Series[Any]) -> dict[str, Space]:
    """Give node → space of the nodes that are in one."""
    nodes = [str(node) for node in given.index]
    if len({*nodes}) < len(nodes):
        twice = sorted({node for node in nodes if nodes.count(node) > 1})
        raise ValueError(f"a node stands twice: {', '.join(twice[:5])}")
    kept = {node: space for node, space in zip(nodes, given.tolist(), strict=True) if not pd.isna(space)}
    return dict(sorted(kept.items()))


def _members(spaces: Mapping[str, Space]) -> dict[Space, set[str]]:
    """Give the members of each space, the largest first, then by first member."""
    found: dict[Space, set[str]] = {}
    for node, space in spaces.items():
        found.setdefault(space, set()).add(node)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), min(item[1]))))


def _descent(before: Mapping[str, Space], after: Mapping[str, Space]) -> list[tuple[str, Space, Space]]:
    """List the events: (event, earlier space, later space)."""
    old, new = _members(before), _members(after)
    common = np.array([[len(a & b) for b in new.values()] for a in old.values()], dtype=float)
    common = common.reshape(len(old), len(new))
    found = [("continued", start, end) for start, end in _pairs(old, new, common)]
    taken = {end for *_, end in found}, {start for _, start, _ in found}
    olds, news = list(old), list(new)
    for j, end in enumerate(news):
        if end not in taken[0]:
            origin = [olds[i] for i in range(len(olds)) if common[i, j] > HALF * len(new[end])]
            found.append(("split", origin[0], end) if origin else ("born", None, end))
    for i, start in enumerate(olds):
        if start not in taken[1]:
            heir = [news[j] for j in range(len(news)) if common[i, j] > HALF * len(old[start])]
            found.append(("merged", start, heir[0]) if heir else ("died", start, None))
    return sorted(found, key=lambda one: EVENTS.index(one[0]))


def _pairs(old: Mapping[Space, set[str]], new: Mapping[Space, set[str]], common: Floats) -> list[tuple[Space, Space]]:
    """Pair earlier with later spaces by the largest total overlap, and keep the pairs that continued."""
    from scipy.optimize import linear_sum_assignment

    if not common.size:
        return []
    sizes = np.array([[len(a)] for a in old.values()]), np.array([len(b) for b in new.values()])
    jaccard = common / (sizes[0] + sizes[1] - common)
    # The sum of all Jaccard shares stays below 1 here, so that it decides among equal overlaps only.
    score = common + jaccard / (len(old) + len(new) + 1.0)
    rows, columns = linear_sum_assignment(-score)
    olds, news = list(old), list(new)
    return [
        (olds[i], news[j])
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        if common[i, j] > HALF * min(sizes[0][i, 0], sizes[1][j])
    ]


def _stable(
    before: Mapping[str, Space], after: Mapping[str, Space], stability: Stabilities | None
) -> dict[str, bool | None]:
    """Tell of each node whether it is of the core in every period in which it is in a space."""
    if stability is None:
        return dict.fromkeys({*before, *after})
    sure = [{str(node): value for node, value in one.items()} for one in stability]
    answer: dict[str, bool | None] = {}
    for node in {*before, *after}:
        values = [one.get(node, np.nan) for one, here in zip(sure, (before, after), strict=True) if node in here]
        answer[node] = None if any(pd.isna(value) for value in values) else all(value >= CORE for value in values)
    return answer


def _event(
    before: Mapping[str, Space],
    after: Mapping[str, Space],
    sure: Mapping[str, bool | None],
    event: str,
    start: Space,
    end: Space,
) -> tuple[Any, ...]:
    """Measure an event."""
    old = {node for node, space in before.items() if start is not None and space == start}
    new = {node for node, space in after.items() if end is not None and space == end}
    common, either = old & new, old | new
    if event in ("born", "died"):
        members, other = either, before if event == "born" else after
        share = len(members - {*other}) / len(members)
    else:
        members = common
        share = len(common) / len(new if event == "split" else old)
    known = [sure[node] for node in members]
    stable = float("nan") if None in known else sum(map(bool, known)) / len(known)
    return event, start, end, len(members), share, len(common) / len(either), stable

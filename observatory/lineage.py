"""Lines of spaces through periods and sources: one letter and one colour for what continues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

#: A space by its network and its place there.
Key = tuple[str, int]


def lineages(spaces: Sequence[Mapping[str, Any]], periods: Sequence[str], sources: Sequence[str]) -> dict[Key, int]:
    """Number the lines of spaces.

    The spaces of the summed sector network of the last period are numbered by size. An earlier space has
    the number of the later space that it is the predecessor of (of several, of the one with the largest
    overlap); a space of one source has that of the space of the sum in its period with which it shares most
    members (Jaccard), each number being given once a network. What remains takes the next free number.

    Parameters
    ----------
    spaces
        As in spaces.json.
    periods
        Labels of the periods, in order.
    sources
        Kinds of event, without their sum.

    Returns
    -------
    dict
        (network, community) → number of the line, 0 = largest of the last period. The spaces of the
        cross-industry files are in no line.

    Examples
    --------
    >>> old = {"network": "sector__all__a", "community": 0, "id": "x", "members": [{"node": "1"}]}
    >>> new = {"network": "sector__all__b", "community": 1, "id": "y", "members": [{"node": "1"}],
    ...        "change": {"predecessor": "x", "overlap": 1.0}}
    >>> lineages([old, new], ["a", "b"], [])
    {('sector__all__b', 1): 0, ('sector__all__a', 0): 0}
    """
    by_network: dict[str, list[Mapping[str, Any]]] = {}
    for space in sorted(spaces, key=lambda one: (one["network"], one["community"])):
        by_network.setdefault(space["network"], []).append(space)
    found: dict[Key, int] = {}
    later: list[Mapping[str, Any]] = []
    for period in reversed(periods):
        here = by_network.get(f"sector__all__{period}", [])
        _take(found, here, _heirs(found, here, later))
        later = here
    for period in reversed(periods):
        whole = by_network.get(f"sector__all__{period}", [])
        for source in sources:
            here = by_network.get(f"sector__{source}__{period}", [])
            _take(found, here, _likest(found, here, whole))
    return found


def groups(
    communities: Mapping[str, Mapping[str, int]], periods: Sequence[str], sources: Sequence[str]
) -> dict[Key, int]:
    """Number the groups of regions, so that a group keeps its number and colour through periods and sources.

    Those of all sources in the last period are numbered by size; an earlier group has the number of the later
    one, a group of one source that of the group of the sum in its period, with which it shares most regions
    (Jaccard), each number being given once a network. What remains takes the next free number.

    Parameters
    ----------
    communities
        Network → region → community; a community below 0 is none.
    periods, sources
        As for :func:`lineages`.

    Examples
    --------
    >>> old, new = {"DE21": 0, "FR10": 1}, {"DE21": 1, "FR10": 0}
    >>> found = groups({"region__all__a": old, "region__all__b": new}, ["a", "b"], [])
    >>> found["region__all__a", 1], found["region__all__a", 0]
    (0, 1)
    """
    found: dict[Key, int] = {}
    later: list[Mapping[str, Any]] = []
    for period in reversed(periods):
        here = _as_spaces(f"region__all__{period}", communities)
        _take(found, here, _likest(found, here, later))
        later = here
    for period in reversed(periods):
        whole = _as_spaces(f"region__all__{period}", communities)
        for source in sources:
            here = _as_spaces(f"region__{source}__{period}", communities)
            _take(found, here, _likest(found, here, whole))
    return found


def _as_spaces(network: str, communities: Mapping[str, Mapping[str, int]]) -> list[Mapping[str, Any]]:
    members: dict[int, list[dict[str, str]]] = {}
    for node, community in sorted(communities.get(network, {}).items()):
        if community >= 0:
            members.setdefault(int(community), []).append({"node": node})
    return [{"network": network, "community": one, "members": members[one]} for one in sorted(members)]


def letter(number: int) -> str:
    """Name a line by a letter.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'A2')
    """
    turn, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def _key(space: Mapping[str, Any]) -> Key:
    return str(space["network"]), int(space["community"])


def _take(found: dict[Key, int], here: Sequence[Mapping[str, Any]], wishes: Mapping[Key, Sequence[int]]) -> None:
    """Give each space the first number of its wishes that is free in its network, or a new one."""
    used: set[int] = set()
    for space in here:
        free = [number for number in wishes.get(_key(space), ()) if number not in used]
        if free:
            found[_key(space)] = free[0]
            used.add(free[0])
    for space in here:
        if _key(space) not in found:
            found[_key(space)] = max(found.values(), default=-1) + 1


def _heirs(
    found: Mapping[Key, int], here: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]]
) -> dict[Key, list[int]]:
    wishes = {}
    for space in here:
        heirs = [one for one in later if one["change"]["predecessor"] == space["id"]]
        ranked = sorted(heirs, key=lambda one: (-one["change"]["overlap"], one["community"]))
        wishes[_key(space)] = [found[_key(one)] for one in ranked]
    return wishes


def _likest(
    found: Mapping[Key, int], here: Sequence[Mapping[str, Any]], whole: Sequence[Mapping[str, Any]]
) -> dict[Key, list[int]]:
    """Wishes of the spaces of one source: each pair's likest first, so that no two take the same."""
    scored = sorted(
        (-_overlap(one, other), other["community"], one["community"], _key(one), found[_key(other)])
        for one in here
        for other in whole
        if _overlap(one, other)
    )
    wishes: dict[Key, list[int]] = {}
    given: set[int] = set()
    for *_, key, number in scored:
        if key not in wishes and number not in given:
            wishes[key] = [number]
            given.add(number)
    return wishes


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    a, b = ({member["node"] for member in space["members"]} for space in (one, other))
    return len(a & b) / len(a | b)

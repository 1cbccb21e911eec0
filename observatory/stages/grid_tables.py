"""The tables of the grid: every run, every pair of sectors, and how far the choices are apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from communities import leiden
from communities.consensus import agreement, consensus, together
from ingest.engine import records_of
from linkages.items import Groups
from linkages.periods import Period
from observatory.settings import Settings
from observatory.stages.grid import AXES, NESTED, Choice, Found, own_choice, variations

#: What a row of a table of pairs or sectors is about.
ABOUT = ["source", "period", "level", "carried"]
Key = tuple[str, Period, Choice]
Keyed = Mapping[Key, Found]


def keyed(found: Sequence[Found]) -> dict[Key, Found]:
    """Find runs by source, period and choice."""
    return {(one.source, one.period, one.choice): one for one in found}


def runs_table(grid: Sequence[Found], every: Keyed, settings: Settings) -> pd.DataFrame:
    """Give a row a run of the grid.

    Returns
    -------
    pandas.DataFrame
        ``source, period``, the six choices, ``nodes, links`` (with an end in the main component or not),
        ``k, rule, infomap_k, modularity`` (at the run's γ), ``proven`` (no partition is better), and ``ami``
        and ``vi`` with the run of the study's own choice, variation of information in nats; at another level both
        runs are carried to the coarser of the two, and NaN stands where that cannot be.
    """
    own, groups = own_choice(settings), settings.groups.sectors
    rows = [
        {
            "source": one.source,
            "period": str(one.period),
            **asdict(one.choice),
            "nodes": len(one.partition.membership),
            "links": len(one.network.links),
            "k": one.partition.k,
            "rule": one.number.rule,
            "infomap_k": one.number.infomap.k,
            "modularity": one.partition.modularity,
            "proven": bool(one.partition.details.get("proven")),
            **_apart(one, every[one.source, one.period, own], groups),
        }
        for one in grid
    ]
    return pd.DataFrame(rows).sort_values(["source", "period", *AXES], ignore_index=True)


def _apart(one: Found, other: Found, groups: Groups) -> dict[str, float]:
    """Compare two runs at the coarser of their levels."""
    for level in (one.choice.level, other.choice.level):
        a, b = one.at(level, groups), other.at(level, groups)
        if a is not None and b is not None:
            (row,) = records_of(agreement({"a": a, "b": b}))
            return {"ami": float(row["ami"]), "vi": float(row["vi"])}
    return {"ami": float("nan"), "vi": float("nan")}


def together_table(grid: Sequence[Found], groups: Groups) -> pd.DataFrame:
    """Tell for every pair of sectors in what share of the runs they are together.

    The runs of each level are taken by themselves; where the grid has several NAICS levels, all their runs
    are taken together once more, ``carried`` to the coarsest. A run speaks of the sectors of its network's
    main component only.

    Returns
    -------
    pandas.DataFrame
        ``source, period, level, carried, a, b, together, runs``.
    """
    parts = [
        together(memberships).assign(source=source, period=period, level=level, carried=taken)
        for (source, period, level, taken), memberships in _memberships(grid, groups)
    ]
    return pd.concat(parts, ignore_index=True)[[*ABOUT, "a", "b", "together", "runs"]]


def _memberships(
    grid: Sequence[Found], groups: Groups
) -> Iterator[tuple[tuple[str, str, str, bool], list[pd.Series[int]]]]:
    """Give the communities of each source and period, at each level and carried to the coarsest."""
    levels = sorted({one.choice.level for one in grid})
    nested = [level for level in NESTED if level in levels]
    for source, period in sorted({(one.source, one.period) for one in grid}):
        here = [one for one in grid if (one.source, one.period) == (source, period)]
        for level in levels:
            yield (source, str(period), level, False), [o.partition.membership for o in here if o.choice.level == level]
        if len(nested) > 1:
            moved = [one.at(nested[0], groups) for one in here]
            yield (source, str(period), nested[0], True), [one for one in moved if one is not None]


def consensus_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Find the communities that half of the runs agree on.

    Returns
    -------
    pandas.DataFrame
        ``source, period, level, carried, node, community``.
    """
    columns = [*ABOUT, "node", "community"]
    parts = [
        consensus(part).reset_index().assign(**{name: part[name].iloc[0] for name in ABOUT})[columns]
        for _, part in pairs.groupby(ABOUT, sort=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def agreement_table(every: Keyed, settings: Settings) -> pd.DataFrame:
    """Compare methods, sources, periods and every choice of the grid, each by itself.

    All else is as the study has it. Levels are compared at the coarser of the two.

    Returns
    -------
    pandas.DataFrame
        ``between`` (method, source, period, or a choice), ``source, period`` (empty where these are what is
        compared), ``a, b, nodes, ami, vi`` as :func:`communities.consensus.agreement` gives them.
    """
    parts = [
        agreement(partitions).assign(between=between, source=source, period=period)
        for between, source, period, partitions in _compared(every, settings)
    ]
    return pd.concat(parts, ignore_index=True)[["between", "source", "period", "a", "b", "nodes", "ami", "vi"]]


def _compared(every: Keyed, settings: Settings) -> Iterator[tuple[str, str, str, dict[str, pd.Series[int]]]]:
    own = {key[:2]: one for key, one in every.items() if key[2] == own_choice(settings)}
    sources, periods = sorted({source for source, _ in own}), sorted({period for _, period in own})
    for (source, period), one in sorted(own.items()):
        beside = leiden(one.network, one.choice.gamma, seed=one.choice.seed)
        found = {"spin glass": one.partition, "infomap": one.number.infomap, "leiden": beside}
        yield "method", source, str(period), {name: partition.membership for name, partition in found.items()}
    for period in periods:
        yield "source", "", str(period), {source: own[source, period].partition.membership for source in sources}
    for source in sources:
        yield "period", source, "", {str(period): own[source, period].partition.membership for period in periods}
    for axis, varied in variations(settings).items():
        for source, period in sorted(own):
            yield from _of_axis(axis, [every[source, period, choice] for choice in varied], settings.groups.sectors)


def _of_axis(
    axis: str, found: Sequence[Found], groups: Groups
) -> Iterator[tuple[str, str, str, dict[str, pd.Series[int]]]]:
    for i, one in enumerate(found):
        for two in found[i + 1 :]:
            for level in (one.choice.level, two.choice.level):
                a, b = one.at(level, groups), two.at(level, groups)
                if a is not None and b is not None:
                    names = [str(getattr(each.choice, axis)) for each in (one, two)]
                    yield axis, one.source, str(one.period), dict(zip(names, (a, b), strict=True))
                    break

"""The grid: the communities looked for again under every choice that the study declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby, product
from typing import Any

import pandas as pd

from communities import Partition, how_many, spinglass
from communities.infomap import Number
from ingest import Records
from ingest.levels import sectors_at
from linkages import Network
from linkages.build import network_of
from linkages.counting import sector_pairs
from linkages.items import Groups
from linkages.periods import Period, year_weights
from linkages.strength import backbone
from linkages.worth import worth
from observatory.settings import Communities, Settings
from observatory.side_by_side import Workers

#: The levels of which a finer one can be carried to a coarser one, the coarsest first.
NESTED = ("naics2", "naics3", "naics4", "naics5", "naics6")

#: Networks of up to this many nodes get a proof. A run gives larger ones one too; here, where there is little
#: structure, looking for it in vain would take longer than all else (28 nodes: 5 seconds a choice; 20: one).
EXACT = 20

Say = Callable[[str], None]


@dataclass(frozen=True, order=True)
class Choice:
    """One point of the grid: everything chosen that the records do not decide."""

    level: str
    counting: str
    shared_year: str
    backbone: str
    gamma: float
    seed: int


AXES = tuple(field.name for field in fields(Choice))


@dataclass(frozen=True)
class Found:
    """What one run of the grid found.

    Attributes
    ----------
    source, period, choice
        What was looked at, and how.
    network
        The sector network, with the links that its backbone keeps.
    number, partition
        How many communities and by which rule; the spin glass.
    """

    source: str
    period: Period
    choice: Choice
    network: Network
    number: Number
    partition: Partition

    def at(self, level: str, groups: Groups) -> pd.Series[int] | None:
        """Give node → community at the run's own level or a coarser one; None where it cannot be carried there."""
        own = self.choice.level
        if level == own:
            return self.partition.membership
        if not {level, own} <= set(NESTED) or NESTED.index(level) > NESTED.index(own):
            return None
        return carried(self.partition.membership, self.network.links, level, groups)


def own_choice(settings: Settings) -> Choice:
    """Give what the study itself chooses."""
    chosen = settings.communities
    return Choice(
        settings.sector_level, settings.counting, settings.shared_year, "none", float(chosen.gamma), chosen.seed
    )


def declared(settings: Settings) -> dict[str, list[Any]]:
    """List the values of every axis, those of the study where [grid] names none; a value said twice counts once."""
    own = own_choice(settings)
    return {axis: list(dict.fromkeys(getattr(settings.grid, axis) or [getattr(own, axis)])) for axis in AXES}


def choices(settings: Settings) -> list[Choice]:
    """List every point of the grid, sorted."""
    return sorted(Choice(*values) for values in product(*declared(settings).values()))


def variations(settings: Settings) -> dict[str, list[Choice]]:
    """List, for every axis, the study's own choice with this axis changed to each of its values.

    Both ways of counting are there whether the grid names them or not.
    """
    own, values = own_choice(settings), declared(settings)
    values["counting"] = ["full", "fractional"]
    return {axis: sorted({own, *(replace(own, **{axis: value}) for value in values[axis])}) for axis in AXES}


def search(
    records: Records,
    settings: Settings,
    wanted: Sequence[Choice],
    sources: Sequence[str],
    periods: Sequence[Period],
    say: Say,
    workers: Workers,
) -> list[Found]:
    """Look for the communities of every source and period under each choice; events are counted once a level.

    Returns
    -------
    list of Found
        In the order of the choices' levels, the sources and the periods.
    """
    every = sorted(set(wanted))
    levels = {level: list(group) for level, group in groupby(every, key=lambda choice: choice.level)}

    def asked() -> Iterator[tuple[object, ...]]:
        for level, same in levels.items():
            pairs = sector_pairs(records, level, settings.groups.sectors)
            for source, period in product(sources, periods):
                networks = _networks(records, settings, pairs, source, period, same)
                yield networks, settings.communities, source, period, same

    found: list[Found] = []
    total = len(every) * len(sources) * len(periods)
    answers = workers.map(_looked, asked())
    for level, source, period in product(levels, sources, periods):
        say(f"run {len(found) + 1:,} of {total:,}: sector__{source}__{period} at {level}")
        found += next(answers)
    return found


def _networks(
    records: Records, settings: Settings, pairs: Any, source: str, period: Period, same: Sequence[Choice]
) -> dict[tuple[str, str], Network]:
    """Make the network of each way of counting and of dealing with a shared year."""
    every = [Period.of(years) for years in settings.periods]
    values = worth(records, settings.currency) if settings.weigh == "value" else None
    return {
        (counting, shared): network_of(
            records, pairs, same[0].level, period, source, counting, year_weights(period, every, shared), worth=values
        )
        for counting, shared in sorted({(choice.counting, choice.shared_year) for choice in same})
    }


def _looked(
    networks: dict[tuple[str, str], Network], chosen: Communities, source: str, period: Period, same: Sequence[Choice]
) -> list[Found]:
    """Run Infomap once a seed and backbone, the spin glass at every resolution.

    What is proven to be the one best partition is so for every seed; what cannot be proven is not tried again.
    """
    kept: dict[tuple[str, ...], Network] = {}
    numbers: dict[tuple[str, str, str, int], Number] = {}
    tried: dict[tuple[str, str, str, int, float], Partition] = {}
    found: list[Found] = []
    for choice in same:
        links = (choice.counting, choice.shared_year, choice.backbone)
        if links not in kept:
            kept[links] = standing_out(networks[links[:2]], choice.backbone)
        if (*links, choice.seed) not in numbers:
            numbers[(*links, choice.seed)] = _number(kept[links], chosen, choice.seed)
        number = numbers[(*links, choice.seed)]
        asked = (*links, number.k, choice.gamma)
        first = tried.get(asked)
        if first is not None and settled(first):
            partition = replace(first, seed=choice.seed)
        else:
            exact = EXACT if first is None or first.details.get("proven") else 0
            partition = spinglass(kept[links], number.k, choice.gamma, chosen.restarts, choice.seed, exact=exact)
            tried.setdefault(asked, partition)
        found.append(Found(source, period, choice, kept[links], number, partition))
    return found


def settled(partition: Partition) -> bool:
    """Tell whether a partition is proven to be the best, and the only one found that is as good."""
    return bool(partition.details.get("proven")) and not partition.alternatives


def standing_out(network: Network, method: str) -> Network:
    """Keep the links of a backbone; ``none`` keeps them all."""
    if method == "none":
        return network
    return replace(network, links=backbone(network.links, method).reset_index(drop=True))


def _number(network: Network, chosen: Communities, seed: int) -> Number:
    fixed = chosen.spaces if isinstance(chosen.spaces, int) else None
    number = how_many(network, chosen.trials, seed, fixed)
    return number if fixed is None else Number(fixed, "study", number.finding, number.infomap)


def carried(membership: pd.Series[int], links: pd.DataFrame, level: str, groups: Groups) -> pd.Series[int]:
    """Carry communities of fine sectors to a coarser level.

    A coarse sector goes where most of the strength of its fine ones is; of two communities with as much, to
    the larger. A group of the study is the same sector at every level.

    Parameters
    ----------
    membership
        Sector → community.
    links
        ``source, target, weight`` of the sectors.
    level
        One of :data:`NESTED`, coarser than the sectors' own.
    groups
        The study's own sectors.

    Examples
    --------
    >>> fine = pd.Series({"3254": 0, "3251": 1, "3341": 1})
    >>> links = pd.DataFrame({"source": ["3251", "3254"], "target": ["3341", "3341"], "weight": [1.0, 2.0]})
    >>> carried(fine, links, "naics3", {}).to_dict()
    {'325': 0, '334': 1}
    """
    ends = pd.concat([links[[end, "weight"]].set_axis(["node", "weight"], axis=1) for end in ("source", "target")])
    strength = ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()
    codes = [str(node) for node in membership.index if node not in groups]
    known = sectors_at(codes, level, groups).set_index("naics")["sector"].to_dict()
    table = pd.DataFrame(
        {
            "node": pd.Series([known.get(str(node), str(node)) for node in membership.index], dtype=str),
            "community": membership.to_numpy("int64"),
            "weight": strength.reindex(membership.index, fill_value=0.0).to_numpy(float),
        }
    )
    table = table.sort_values(["node", "community", "weight"])
    held = table.groupby(["node", "community"])["weight"].sum().reset_index()
    best = held.sort_values(["node", "weight", "community"], ascending=[True, False, True]).drop_duplicates("node")
    return pd.Series(best["community"].to_numpy("int64"), pd.Index(best["node"], name="node"), name="community")

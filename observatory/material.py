"""What a run folder holds for its report, opened once and asked for by network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from linkages.periods import Period, year_weights
from linkages.strength import STRENGTH
from observatory.lineage import Key, groups, lineages
from observatory.regions import LINKAGES, TEXTS
from observatory.store import Run
from observatory.study import Study

LINKS = ["source", "target", "weight", "events", *STRENGTH]
NODES = ["node", "label", "community", "stability", "role"]
CROSS_INDUSTRY = ("research", "production")


@dataclass(frozen=True)
class Material:
    """A run and what its report asks of it.

    Attributes
    ----------
    run
        The run folder.
    shapes
        A file of official borders that the study names, or None.
    """

    run: Run
    shapes: Path | None

    @classmethod
    def of(cls, run: Run, study: Study) -> Material:
        """Take a run and the borders that its study names."""
        named = study.settings.nuts_shapes
        return cls(run, study.folder / named if named else None)

    @property
    def settings(self) -> dict[str, Any]:
        """The study's settings as the manifest holds them."""
        return dict(self.run.manifest["settings"])

    @cached_property
    def found(self) -> dict[str, Any]:
        """What spaces.json holds."""
        return dict(self.run.json("spaces.json"))

    @cached_property
    def periods(self) -> list[str]:
        """Periods of the study, in order."""
        return [f"{first}-{last}" for first, last in sorted(self.settings["periods"])]

    @cached_property
    def sources(self) -> list[str]:
        """The kinds of event that occur, without their sum."""
        names = {name.split("__")[1] for name in self.run.names("networks/sector__*.parquet")}
        return [kind for kind in ("copatent", "deal", "alliance") if kind in names]

    @cached_property
    def lineages(self) -> dict[Key, int]:
        """Number of each space's line, which gives its letter and colour."""
        return lineages(self.found["spaces"], self.periods, self.sources)

    @cached_property
    def region_groups(self) -> dict[Key, int]:
        """Number of each group of regions, the same through periods and sources; colours come after the spaces'."""
        found = {}
        for network in self._networks("region__*"):
            nodes = self.nodes(network)
            found[network] = dict(zip(nodes["node"].astype(str), nodes["community"].astype(int), strict=True))
        return groups(found, self.periods, self.sources)

    def hue_of_group(self, number: int) -> int:
        """Place of a group's colour among the hues: after those of the spaces."""
        return max(self.lineages.values(), default=-1) + 1 + number

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Code of each region that a network or space holds → its name."""
        names: dict[str, str] = {}
        for network in self._networks("region__*"):
            nodes = self.nodes(network)
            names |= dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
        top = [row for space in self.found["spaces"] for row in space["regions"]["top"]]
        return names | {row["region"]: row["name"] for row in top}

    @cached_property
    def positions(self) -> pd.DataFrame:
        """Where the sectors stand in every figure: ``node, x, y``."""
        return self.positions_of("sector")

    def positions_of(self, level: str) -> pd.DataFrame:
        """Where the nodes of a level stand in all its networks: ``node, x, y``, 0 to 1, y downwards.

        Parameters
        ----------
        level
            ``sector``, ``region`` or ``cross-industry``; see :func:`observatory.stages.placing.level_of`.
        """
        table = self._positions
        return table.loc[table["level"] == level, ["node", "x", "y"]].reset_index(drop=True)

    @cached_property
    def _positions(self) -> pd.DataFrame:
        """Positions as the run stored them; computed again for a run of before there were any."""
        from observatory.stages.placing import positions

        if self.run.names("positions.parquet"):
            return self.run.table("positions.parquet")
        tables = {name: ([str(n) for n in self.nodes(name)["node"]], self.links(name)) for name in self.networks()}
        return positions(tables, int(self.run.manifest["seeds"]["communities"]))

    @cached_property
    def compared(self) -> tuple[pd.DataFrame, dict[str, list[str]]]:
        """Sector links of the first and last period, and which only came or went with their source."""
        from observatory.spans import one_sided

        return one_sided(self)

    @property
    def last(self) -> str:
        """The latest period."""
        return self.periods[-1]

    @cached_property
    def lines_of_last(self) -> dict[str, int]:
        """Number of the line of each space of all sources in the last period, by the space's id."""
        network = f"sector__all__{self.last}"
        return {space["id"]: self.lineages[network, int(space["community"])] for space in self.spaces(network)}

    @cached_property
    def profiles_about(self) -> dict[str, Any]:
        """Thresholds of strong and linked; empty for a run without profiles of regions."""
        name = "profiles/about.json"
        return dict(self.run.json(name)) if self.run.names(name) else {}

    def profiled(self, name: str, period: str) -> pd.DataFrame:
        """Rows of a period of ``stars/linkages``, ``stars/quadrants`` or a table of ``profiles/``."""
        file = f"{name}.parquet"
        if not self.run.names(file):
            return pd.DataFrame()
        categories = TEXTS if name == LINKAGES else ()
        return self.run.table(file, rows={"period": period}, categories=categories).drop(columns="period")

    def spaces(self, network: str) -> list[dict[str, Any]]:
        """Spaces of a network, the largest first."""
        here = [space for space in self.found["spaces"] if space["network"] == network]
        return sorted(here, key=lambda space: int(space["community"]))

    def cross_industry(self) -> list[str]:
        """Names of the cross-industry files that the run holds."""
        return [n for kind in CROSS_INDUSTRY for n in self._networks(f"sector__{kind}__*")]

    def networks(self) -> list[str]:
        """Names of every network, the sums of the sectors first."""
        every = self._networks("*__*__*")  # communities of layers are in files of two parts
        order = {name: rank for rank, name in enumerate(["all", *self.sources, *CROSS_INDUSTRY])}
        return sorted(every, key=lambda n: (not n.startswith("sector"), order.get(n.split("__")[1], 9), n))

    def _networks(self, pattern: str) -> list[str]:
        return [Path(name).stem for name in self.run.names(f"communities/{pattern}.json")]

    def links(self, network: str) -> pd.DataFrame:
        """Links of a network; none where the run has no such network."""
        return self._table(f"networks/{network}.parquet", LINKS)

    def nodes(self, network: str) -> pd.DataFrame:
        """Nodes of a network with their communities; none where the run has no such network."""
        return self._table(f"communities/{network}.parquet", NODES)

    def change(self, network: str) -> pd.DataFrame:
        """Links of both periods compared, for example ``sector__all``; none for a single period."""
        columns = ["source", "target", "n1", "n2", "log_odds", "low", "high", "p", "q", "class"]
        return self._table(f"change/{network}.parquet", columns)

    def trend(self, name: str) -> pd.DataFrame:
        """Compare periods by a table of that name; empty for a single period."""
        return self._table(f"{name}.parquet", [])

    def matched(self, what: str, source: str = "all") -> pd.DataFrame:
        """``spaces`` or ``members`` of following periods matched; none for a single period."""
        columns = ["since", "period", "event", "node", "from", "to", "kind", "members", "share", "stable"]
        return self._table(f"change/{what}__{source}.parquet", columns)

    def summary(self, network: str) -> dict[str, Any]:
        """How many communities a network has and how sure that is; empty where there is no such network."""
        name = f"communities/{network}.json"
        return dict(self.run.json(name)) if self.run.names(name) else {}

    def cross_sectoral(self, source: str, period: str) -> int | None:
        """Events of a period that join two sectors or more, each once; None where the run does not tell.

        Parameters
        ----------
        source
            A kind of event, or ``all``.
        period
            One of :attr:`periods`. As in its networks, a year that it shares counts whole or not at all, and where
            links are weighed by value events without one do not.
        """
        table = self._table("series.parquet", [])
        if table.empty:
            return None
        years = year_weights(Period.of(period), list(map(Period.of, self.periods)), self.settings["shared_year"])
        here = table[(table["kind"] == "sector") & (table["of"] == source) & table["year"].isin(sorted(years))]
        return int(here["cross_sectoral"].sum())

    def _table(self, name: str, columns: list[str]) -> pd.DataFrame:
        return self.run.table(name) if self.run.names(name) else pd.DataFrame(columns=columns)

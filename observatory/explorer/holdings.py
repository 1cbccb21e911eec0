"""A run opened for the explorer: its tables with labels, indexed by node, each read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ingest.regions import region_name
from observatory.explorer.paths import safe
from observatory.figures.palette import hue
from observatory.lineage import letter
from observatory.material import CROSS_INDUSTRY, Material
from observatory.report.spaces import colour, tag

#: Levels of the networks, and the folder of the resources of their nodes.
FOLDERS = {"sector": "sectors", "region": "regions"}
#: What a link table holds beside its ends.
MEASURES = ["weight", "events", "expected", "association", "p", "q", "noise_corrected", "noise_corrected_sd"]
#: What tells of a node's place among the spaces.
OF_SPACE = ["space", "space_label", "letter", "hue"]


class Holdings:
    """What the payloads ask of a run.

    Parameters
    ----------
    material
        The run.
    reviewed
        Whether doubtful matches can be decided on where it is shown.
    """

    def __init__(self, material: Material, reviewed: bool = False) -> None:
        self.material = material
        self.reviewed = reviewed
        self.run = material.run

    @property
    def title(self) -> str:
        """Title of the study."""
        return str(self.run.manifest["title"])

    @cached_property
    def networks(self) -> list[str]:
        """Names of the networks, the sums of the sectors first."""
        return self.material.networks()

    @cached_property
    def sources(self) -> list[str]:
        """Kinds of event, their sum first."""
        return ["all", *self.material.sources]

    def table(self, name: str) -> pd.DataFrame:
        """Give a table of the run, empty and without columns where there is none; texts are texts, not numbers."""
        if not self.run.names(name):
            return pd.DataFrame()
        table = self.run.table(name)
        if name.endswith(".csv"):
            numbers = {"rows", "weight"}
            return table.assign(**{key: table[key].astype(str) for key in table.columns if key not in numbers})
        return table

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Level → code → name of every node of its networks; of regions also those of the star table."""
        found: dict[str, dict[str, str]] = {"sector": {}, "region": {}}
        for network in self.networks:
            if self.is_plain(network):
                nodes = self.material.nodes(network)
                here = zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True)
                found[network.split("__")[0]] |= dict(here)
        nuts = int(self.material.settings["nuts"])
        starred = [set(table["region"].astype(str)) for table in (self.stars, self.quadrants) if len(table)]
        for region in sorted(set().union(*starred) - {""} - found["region"].keys()):
            found["region"][region] = region_name(region, nuts)
        return {level: dict(sorted(names.items())) for level, names in found.items()}

    @cached_property
    def stars(self) -> pd.DataFrame:
        """The star table."""
        return self.table("stars.parquet")

    @cached_property
    def quadrants(self) -> pd.DataFrame:
        """Industries of spaces by region: how linked and how strong."""
        return self.table("stars/quadrants.parquet")

    @staticmethod
    def is_plain(network: str) -> bool:
        """Tell whether a network's nodes are the study's sectors or regions, not those of a cross-industry file."""
        return network.split("__")[1] not in CROSS_INDUSTRY

    def labelled(self, links: pd.DataFrame, level: str) -> pd.DataFrame:
        """Name the ends of links: ``source, target`` become ``a, a_label, b, b_label``."""
        names = self.labels[level]
        ends = {"source": "a", "target": "b"}
        table = links.rename(columns=ends)
        for place, end in ((1, "a"), (3, "b")):
            table[end] = table[end].astype(str)
            table.insert(place, f"{end}_label", [names.get(code, code) for code in table[end]])
        return table

    def links(self, network: str) -> pd.DataFrame:
        """Give the links of a network, named, the heaviest first."""
        links = self.material.links(network)
        if self.is_plain(network):
            table = self.labelled(links, network.split("__")[0])
        else:
            nodes = self.material.nodes(network)
            names = dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
            table = links.rename(columns={"source": "a", "target": "b"})
            for place, end in ((1, "a"), (3, "b")):
                table.insert(place, f"{end}_label", [names.get(code, code) for code in table[end].astype(str)])
        return table.sort_values(["weight", "a", "b"], ascending=[False, True, True], ignore_index=True)

    def change(self, level: str, source: str) -> pd.DataFrame:
        """Give the compared links of a level and source, named."""
        return self.labelled(self.material.change(f"{level}__{source}"), level)

    @cached_property
    def _every_link(self) -> Mapping[str, pd.DataFrame]:
        """Level → the links of all periods and sources, with the class of their change."""
        found: dict[str, list[pd.DataFrame]] = {"sector": [], "region": []}
        for network in filter(self.is_plain, self.networks):
            level, source, period = network.split("__")
            links = self.links(network).assign(period=period, source=source)
            classes = self.material.change(f"{level}__{source}")[["source", "target", "class"]]
            classes = classes.rename(columns={"source": "a", "target": "b"}).astype(object)
            found[level].append(links.merge(classes, on=["a", "b"], how="left"))
        return {level: pd.concat(parts, ignore_index=True) for level, parts in found.items() if parts}

    @cached_property
    def _places(self) -> Mapping[str, Mapping[str, np.ndarray]]:
        return {level: rows_of(table, "a", "b") for level, table in self._every_link.items()}

    def links_of(self, level: str, code: str) -> pd.DataFrame:
        """Give the links of a node in every period and source, the other end named, the heaviest first."""
        table = self._every_link[level]
        here = table.iloc[self._places[level].get(code, np.array([], dtype=int))]
        turned = (here["b"] == code).to_numpy()
        told = {
            "period": here["period"],
            "source": here["source"],
            "other": np.where(turned, here["a"], here["b"]),
            "other_label": np.where(turned, here["a_label"], here["b_label"]),
            **{name: here[name] for name in MEASURES if name in here},
            "class": here["class"],
        }
        links = pd.DataFrame(told)
        links["path"] = [f"{FOLDERS[level]}/{safe(str(other))}" for other in links["other"]]
        links["why"] = [why_path(code, str(other)) for other in links["other"]]
        rank = links["source"].map({source: place for place, source in enumerate(self.sources)})
        links = links.assign(rank_=rank).sort_values(
            ["period", "rank_", "weight", "other"], ascending=[False, True, False, True], ignore_index=True
        )
        return links.drop(columns="rank_")

    @cached_property
    def within(self) -> Mapping[tuple[str, str], int]:
        """(network, node) → events within it."""
        table = self.table("within.parquet")
        if table.empty:
            return {}
        keys = zip(table["network"], table["node"].astype(str), strict=True)
        return dict(zip(keys, (int(n) for n in table["events"]), strict=True))

    def nodes(self, network: str) -> pd.DataFrame:
        """Give the nodes of a network: strength, links, space or community, stability, role, position."""
        links, nodes = self.material.links(network), self.material.nodes(network)
        level = network.split("__")[0]
        ends = pd.concat([links[[end, "weight", "events"]].set_axis(["code", "weight", "events"], axis=1)
                          for end in ("source", "target")])  # fmt: skip
        sums = ends.sort_values(["code", "weight"]).groupby("code").agg(
            strength=("weight", "sum"), links=("weight", "size"), linked_events=("events", "sum")
        )  # fmt: skip
        codes = nodes["node"].astype(str)
        sums = sums.reindex(codes).fillna(0)
        spaces = self.of_community(network)
        told = [spaces.get(int(c), (None, None, None, None)) for c in nodes["community"]]
        table = pd.DataFrame(
            {
                level: codes.to_numpy(),
                f"{level}_label": nodes["label"].astype(str).to_numpy(),
                "strength": sums["strength"].to_numpy(float),
                "links": sums["links"].to_numpy(int),
                "linked_events": sums["linked_events"].to_numpy(int),
                "within_events": [self.within.get((network, code), 0) for code in codes],
                "community": nodes["community"].astype("Int64").where(nodes["community"] >= 0).to_numpy(),
                **{name: [one[place] for one in told] for place, name in enumerate(OF_SPACE)},
                "stability": nodes["stability"].to_numpy(),
                "role": nodes["role"].to_numpy(),
            }
        )
        table = table.merge(self._positions(network), on=level, how="left")
        folder = FOLDERS[level]
        table["path"] = [f"{folder}/{safe(code)}" if self.is_plain(network) else None for code in table[level]]
        return table.sort_values(["strength", level], ascending=[False, True], ignore_index=True)

    def _positions(self, network: str) -> pd.DataFrame:
        from observatory.stages.placing import level_of

        level = network.split("__")[0]
        table = self.material.positions_of(level_of(network)).rename(columns={"node": level})
        return table.astype({level: str})

    def of_community(self, network: str) -> Mapping[int, tuple[str | None, str | None, str | None, str]]:
        """Community → id, name, letter and colour of its space; of regions, which form none, the colour alone."""
        if network.startswith("region__"):
            numbers = {c: number for (held, c), number in self.material.region_groups.items() if held == network}
            return {c: (None, None, None, hue(self.material.hue_of_group(n))) for c, n in sorted(numbers.items())}
        return {
            int(one["community"]): (one["id"], one["name"], tag(self.material, one), colour(self.material, one))
            for one in self.material.spaces(network)
        }

    @cached_property
    def appearances(self) -> Mapping[str, list[dict[str, Any]]]:
        """Id of a space → it in every network that has it, the last period and the sum of sources first."""
        order = {network: place for place, network in enumerate(self.networks)}
        periods = {period: -place for place, period in enumerate(self.material.periods)}
        found: dict[str, list[dict[str, Any]]] = {}
        every = sorted(
            self.material.found["spaces"],
            key=lambda one: (
                one["network"].split("__")[1] in CROSS_INDUSTRY,
                periods.get(one["period"], 0),
                order.get(one["network"], len(order)),
                int(one["community"]),
            ),
        )
        for space in every:
            found.setdefault(str(space["id"]), []).append(space)
        return found

    def letter_in(self, source: str, period: str) -> Mapping[str, str]:
        """Id of each space of a sector network → its letter."""
        here = self.material.spaces(f"sector__{source}__{period}")
        return {str(space["id"]): tag(self.material, space) for space in here}

    @cached_property
    def joint(self) -> pd.DataFrame:
        """Events by pair of sectors and pair of regions; a region that is not known is empty."""
        table = self.table("joint.parquet")
        ends = [f"{level}_{end}" for level in FOLDERS for end in "ab"]
        return table if table.empty else table.assign(**{end: table[end].fillna("").astype(str) for end in ends})

    def joint_of(self, level: str, code: str) -> pd.DataFrame:
        """Give the rows of the joint table of which a sector or region is an end, named."""
        if self.joint.empty:
            return self.joint
        table = self.joint.iloc[self._joint_places[level].get(code, np.array([], dtype=int))]
        for kind, names in self.labels.items():
            for end in "ab":
                codes = table[f"{kind}_{end}"]
                table = table.assign(**{f"{kind}_{end}_label": codes.map(names).fillna(codes)})
        return table

    @cached_property
    def _joint_places(self) -> Mapping[str, Mapping[str, np.ndarray]]:
        return {level: rows_of(self.joint, f"{level}_a", f"{level}_b") for level in FOLDERS}

    def line(self, space: str) -> str | None:
        """Letter of a space of the last period, by its id."""
        number = self.material.lines_of_last.get(space)
        return None if number is None else letter(number)


def rows_of(table: pd.DataFrame, *columns: str) -> dict[str, np.ndarray]:
    """Find the rows that hold each value in any of some columns, in order.

    Examples
    --------
    >>> {k: v.tolist() for k, v in rows_of(pd.DataFrame({"a": ["1", "2"], "b": ["2", "2"]}), "a", "b").items()}
    {'1': [0], '2': [0, 1]}
    """
    values = np.concatenate([table[name].astype(str).to_numpy(object) for name in columns])
    rows = np.tile(np.arange(len(table)), len(columns))
    codes, names = pd.factorize(values)
    order = np.lexsort((rows, codes))
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    return {
        str(name): np.unique(rows[order[starts[place] : starts[place + 1]]]) for place, name in enumerate(names)
    }  # fmt: skip


def why_path(a: str, b: str) -> str:
    """Name the resource of the events behind a link, whichever end comes first.

    Examples
    --------
    >>> why_path("336", "325")
    'why/325/336'
    """
    one, other = sorted((a, b))
    return f"why/{safe(one)}/{safe(other)}"

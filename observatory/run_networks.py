"""The networks and communities that a run holds, as the values that counting and finding gave."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from communities.partition import Partition
from ingest.faults import BadInput, Fault
from linkages import Network
from linkages.periods import Period
from linkages.shown import table_html
from observatory.material import CROSS_INDUSTRY
from observatory.opened import AGAIN, Run

#: Community of a node that is outside the main component.
LEFT_OUT = -1


class Networks(Mapping[str, Network]):
    """The networks of a run by name, each read when it is asked for.

    A notebook completes the names within the brackets.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        found = (Path(name).stem for name in run.names("networks/*.parquet"))
        self._names = [name for name in found if len(name.split("__")) == 3]

    def __getitem__(self, name: str) -> Network:
        """Read a network; a name that there is not is answered with the nearest."""
        return network(self._run, _known(self._run, name, self._names))

    def __iter__(self) -> Iterator[str]:
        """Give the names, sorted."""
        return iter(self._names)

    def __len__(self) -> int:
        """Tell how many networks the run holds."""
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        """Tell whether the run holds a network of this name."""
        return name in self._names

    def __repr__(self) -> str:
        """Name the networks."""
        return f"<Networks {', '.join(self._names)}>"

    def _repr_html_(self) -> str:
        """Name the networks for a notebook."""
        rows = [(name, *name.split("__")) for name in self._names]
        return table_html(["name", "of", "source", "period"], rows, "Networks of the run")

    def _ipython_key_completions_(self) -> list[str]:
        """Offer the names to whoever types ``run.networks["``."""
        return self._names


def _known(run: Run, name: str, names: list[str]) -> str:
    """Give a name back that is one of these.

    Raises
    ------
    BadInput
        For any other; says which are nearest, and that the run has none where that is so.
    """
    if name in names:
        return name
    near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.0)
    mend = f"write {' or '.join(near)}" if near else AGAIN
    raise BadInput(Fault(str(run.folder), None, str(name), "a network of the run", mend))


def network(run: Run, name: str) -> Network:
    """Put a network together again from its links, its nodes and what lies within them.

    Parameters
    ----------
    run
        An opened run folder.
    name
        A name of :class:`Networks`, for example ``sector__all__2007-2014``.

    Raises
    ------
    BadInput
        When a table of it is missing, damaged or does not hold a network.
    """
    kind, source, label = name.split("__")
    told = ("naics", "nuts", "shared_year", "groups", *(["sector_level"] if kind == "region" else []))
    settings, files = run.manifest["settings"], (f"networks/{name}.parquet", f"communities/{name}.parquet")
    links, nodes = (run.table(file) for file in files)
    try:
        inside = _within(run, name).set_index("node").reindex(nodes["node"], fill_value=0)
        kept = {"within": inside["weight"].to_numpy(float), "within_events": inside["events"].to_numpy("int64")}
        first, last = (int(year) for year in label.split("-"))
        return Network(
            nodes[["node", "label"]].assign(**kept),
            links,
            str(settings["region_level" if kind == "region" else "sector_level"]),
            Period(first, last),
            source,
            str(settings["counting"]),
            int(str(summary(run, name).get("events", 0))),
            {key: settings[key] for key in told},
            _unit(run, source),
        )
    except (KeyError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(Fault(str(run.folder), None, files[0], "the links of a network", AGAIN)) from None


def _within(run: Run, name: str) -> pd.DataFrame:
    """Read what lies within the nodes of a network; nothing where the run has no such table."""
    if not run.names("within.parquet"):
        return pd.DataFrame({"node": [], "weight": [], "events": []})
    every = run.table("within.parquet")
    return every.loc[every["network"] == name, ["node", "weight", "events"]]


def _unit(run: Run, source: str) -> str:
    """Tell what the weights count: in the cross-industry files always events."""
    if source in CROSS_INDUSTRY or run.manifest["settings"].get("weigh", "events") == "events":
        return "events"
    told = run.table("worth.parquet")["currency"].astype(str)
    return str(told.iloc[0]) if len(told) else ""


def summary(run: Run, name: str) -> Mapping[str, object]:
    """Read how many communities a network has and how sure that is."""
    held = run.json(f"communities/{name}.json")
    if not isinstance(held, dict):
        raise BadInput(Fault(str(run.folder), None, f"communities/{name}.json", "the summary of a network", AGAIN))
    return held


def partition(run: Run, name: str) -> Partition:
    """Put the communities of a network together again.

    Parameters
    ----------
    run
        An opened run folder.
    name
        A name of :class:`Networks`.

    Raises
    ------
    BadInput
        For a name that the run does not have, and when a file of it is missing or damaged.
    """
    told = summary(run, _known(run, name, list(run.networks)))
    table = run.table(f"communities/{name}.parquet")
    try:
        found = table[table["community"] != LEFT_OUT]
        return Partition(
            membership=pd.Series(
                found["community"].to_numpy("int64"),
                index=pd.Index(found["node"].astype(str), name="node", dtype=str),
                name="community",
            ),
            method=str(told["method"]),
            parameters=dict(told["parameters"]),  # type: ignore[call-overload]
            seed=int(str(told["seed"])),
            energy=_number(told["energy"]),
            modularity=_number(told["modularity"]),
            codelength=_number(told["codelength"]),
            left_out=tuple(str(node) for node in table.loc[table["community"] == LEFT_OUT, "node"]),
            notes=tuple(str(note) for note in told.get("notes") or ()),  # type: ignore[attr-defined]
            details={key: told.get(key) for key in ("rule", "finding", "agreement", "noise_p")},
        )
    except (KeyError, ValueError, TypeError):
        expected = "communities and their summary"
        raise BadInput(Fault(str(run.folder), None, f"communities/{name}", expected, AGAIN)) from None


def _number(value: object) -> float:
    """Read a number of a summary, in which what JSON cannot hold is null."""
    return float("nan") if value is None else float(str(value))

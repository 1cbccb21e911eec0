"""The tree of resources: their paths, what each holds, and how it is made of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from observatory.explorer import behind, change, figures, joint, nets, nodes, overview, quality, search, spaces, starred
from observatory.explorer.holdings import Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.material import Material

#: Endings of what a site has many of.
WITHOUT_PARQUET = ("json", "csv")
Names = Callable[[Holdings], Iterable[tuple[str, ...]]]


@dataclass(frozen=True)
class Family:
    """Resources of one form.

    Attributes
    ----------
    pattern
        Its path, with a name in braces for what differs: ``sectors/{code}``.
    what
        A sentence for the documentation.
    make
        Makes a resource of a run and what differs.
    names
        Lists what differs, as it is called in the run; for a single resource one empty tuple.
    tables
        Whether its resources can be had as CSV and Parquet.
    reads
        Files of the run without which it tells less.
    in_site
        Endings that a site holds.
    """

    pattern: str
    what: str
    make: Callable[..., Payload]
    names: Names = lambda _: [()]
    tables: bool = True
    reads: tuple[str, ...] = ()
    in_site: tuple[str, ...] = ("json", "csv", "parquet")


def _codes(level: str) -> Names:
    return lambda holdings: [(code,) for code in holdings.labels[level]]


FAMILIES: tuple[Family, ...] = (
    Family("runs", "The runs that are shown: one.", overview.runs, tables=False),
    Family("run", "Title, periods, sources, settings, versions, inputs, findings in words.", overview.run,
           reads=("records/events.parquet", "change/sector__all.parquet")),
    Family("method", "How the numbers are made, in words, with citations.", overview.method, tables=False),
    Family("search", "Every sector, region and space with its other names.", search.search, tables=False),
    Family("sectors", "Every sector by period and kind of event.", lambda h: nodes.listed(h, "sector")),
    Family("sectors/{code}", "One sector: links, spaces, change, regions.", nodes.sector, _codes("sector"),
           reads=("joint.parquet", "trends/areas.parquet"), in_site=WITHOUT_PARQUET),
    Family("regions", "Every region by period and kind of event.", lambda h: nodes.listed(h, "region")),
    Family("regions/{code}", "One region: links, industries, what it lacks, partners.", nodes.region, _codes("region"),
           reads=("stars.parquet", "stars/quadrants.parquet", "profiles/about.json", "joint.parquet",
                  "concentration.parquet", "trends/areas.parquet"), in_site=WITHOUT_PARQUET),
    Family("networks", "Every network with its size and communities.", nets.networks),
    Family("networks/{network}", "One network: nodes with positions, links with strength.", nets.network,
           lambda h: [(name,) for name in h.networks]),
    Family("spaces", "Every collaboration space.", spaces.spaces),
    Family("spaces/{id}", "One space: members, links, regions, tiers, history.", spaces.space,
           lambda h: [(code,) for code in h.appearances], in_site=WITHOUT_PARQUET),
    Family("change/{comparison}", "Links of two periods compared; what became of spaces and members.", change.change,
           lambda h: [(name,) for name in change.compared(h)], reads=("trends/areas.parquet",)),
    Family("stars", "Stars and tiers, beside the linkages in the spaces.", starred.stars,
           reads=("stars.parquet", "stars/quadrants.parquet")),
    Family("stars/{region}", "One region's stars, beside its linkages.", starred.stars_of, _codes("region"),
           in_site=WITHOUT_PARQUET,
           reads=("stars.parquet", "stars/quadrants.parquet")),
    Family("joint/sectors/{code}", "Which sectors a sector meets in which regions.",
           lambda h, code: joint.joint(h, "sector", code), _codes("sector"),
           reads=("joint.parquet",), in_site=("json",)),
    Family("joint/regions/{code}", "Which sectors meet in a region.",
           lambda h, code: joint.joint(h, "region", code), _codes("region"),
           reads=("joint.parquet",), in_site=("json",)),
    Family("why/index", "Links whose events a site holds.", behind.index, reads=("records/events.parquet",)),
    Family("why/{a}/{b}", "The events behind a link.", behind.why, behind.linked, reads=("records/events.parquet",),
           in_site=("json",)),
    Family("quality", "What was read, used and set aside.", quality.quality,
           reads=("ledger.csv", "unmatched.csv", "rejects.csv")),
    Family("figures", "Every figure: title, source, words for those who cannot see it.", figures.figures),
    Family("figures/{name}", "One figure as a Vega-Lite specification.", figures.figure,
           lambda h: [(name,) for name in figures.charts(h)], in_site=("json",)),
    Family("downloads", "Files of the run with size, digest and what they hold.", overview.downloads),
)  # fmt: skip


class UnknownResourceError(LookupError):
    """The run has no such resource."""


class Tree:
    """Every resource of a run, made when asked for.

    Parameters
    ----------
    material, reviewed
        See :class:`observatory.explorer.holdings.Holdings`.
    """

    def __init__(self, material: Material, reviewed: bool = False) -> None:
        self.holdings = Holdings(material, reviewed)

        self._known: dict[str, Mapping[tuple[str, ...], tuple[str, ...]]] = {}

    def _names(self, family: Family) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Give parts of a path → what they are called in the run; unsafe names can be asked for as well."""
        if family.pattern not in self._known:
            names = [tuple(map(str, name)) for name in family.names(self.holdings)]
            safely = {tuple(map(safe, name)): name for name in names}
            self._known[family.pattern] = {name: name for name in names} | safely
        return self._known[family.pattern]

    def payload(self, path: str) -> Payload:
        """Make a resource.

        Parameters
        ----------
        path
            As in the payload that lists it, without an ending: ``sectors/325``.

        Raises
        ------
        UnknownResourceError
            The run has no such resource.
        """
        for family in FAMILIES:
            match = _regex(family.pattern).fullmatch(path)
            name = self._names(family).get(match.groups()) if match else None
            if name is not None:
                return self.made(family, name)
        raise UnknownResourceError(path)

    def made(self, family: Family, name: tuple[str, ...]) -> Payload:
        """Make a resource of a family, and say which files of the run it lacks."""
        return self.completed(family, family.make(self.holdings, *name))

    def completed(self, family: Family, made: Payload) -> Payload:
        """Say in a resource which files of the run it lacks."""
        missing = [file for file in family.reads if not self.holdings.run.names(file)]
        lost = [{"file": file, "what": overview.holds(file)} for file in missing]
        return replace(made, fields={**made.fields, "missing": lost})

    def resources(self) -> Iterator[tuple[Family, str, tuple[str, ...]]]:
        """List every resource: its family, its path, and what it is called in the run; of links the family alone."""
        for family in FAMILIES:
            if family.make is behind.why:  # of links there are too many: a site tells of some
                yield family, family.pattern, ()
                continue
            for name in sorted(set(self._names(family).values())):
                yield family, filled(family.pattern, *map(safe, name)), name


def filled(pattern: str, *parts: str) -> str:
    """Put names into a pattern.

    Examples
    --------
    >>> filled("why/{a}/{b}", "325", "336")
    'why/325/336'
    """
    rest = iter(parts)
    return re.sub(r"\{\w+\}", lambda _: next(rest), pattern)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "([^/]+)", pattern))

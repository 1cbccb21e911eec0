"""Figures: each of the report's as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.explorer.columns import Column
from observatory.explorer.holdings import Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.report import beside, changed, linkages, losses, maps, nets, tiers
from observatory.report.pictures import Picture

METHOD = "Drawn by the same specifications as the report's figures."
#: Pages of the explorer that figures stand on.
PAGES = ("quality", "regions", "sectors", "spaces", "change", "stars")
#: Sectors up to which their matrix is drawn: a browser takes long over more cells than those of so many.
CELLS = 120
#: What columns of figures are called, where their own name does not say it.
CALLED = {
    "label": "Name",
    "reason": "What became of the rows",
    "of": "Kind of event",
    "linkage": "Events",
    "stable": "Stable members",
    "which": "Which members",
    "from": "From space",
    "to": "To space",
}
#: The ends of a figure's links.
ENDS = {
    "source": "One end",
    "source_label": "One end, name",
    "target": "Other end",
    "target_label": "Other end, name",
}
#: Columns of codes, or of years: never numbers, whatever their digits.
CODES = {"region", "period", "year"}


def charts(holdings: Holdings) -> Mapping[str, tuple[str, Any]]:
    """Give the page and the chart of each of the report's figures, by name."""
    kept = holdings.__dict__.setdefault("charts", {})
    if not kept:
        kept |= {one.name: (page, one.chart) for page in PAGES for one in _pictures(holdings, page)}
    return dict(kept)


def _pictures(holdings: Holdings, page: str) -> list[Picture]:
    material = holdings.material
    if page == "quality":
        return list(losses.losses(material)["pictures"]) if holdings.run.names("ledger.csv") else []
    if page == "regions":
        return list(maps.section(material)["pictures"]) if holdings.run.names("joint.parquet") else []
    if page == "sectors":
        drawn = [one for source in holdings.sources for one in nets.network_pictures(material, source)]
        return [*drawn, *(linkages.linkages(material)["pictures"] if holdings.run.names("series.parquet") else [])]
    if page == "spaces":
        last = material.nodes(f"sector__all__{material.last}")
        return list(nets.matrix_pictures(material)) if len(last) <= CELLS else []
    if page == "change":
        return list(changed.changed(material)["pictures"])
    points = beside.stars_beside(material)
    starred = [*beside.section(material, points)["pictures"]] if len(points) else []
    return [*starred, *(tiers.section(material)["pictures"] if holdings.run.names("stars.parquet") else [])]


def figures(holdings: Holdings) -> Payload:
    """List the figures, and the page that each stands on."""
    rows = [_about(name, page, chart) for name, (page, chart) in charts(holdings).items()]
    return Payload(
        what="Every figure of the report.",
        method=METHOD,
        source=holdings.title,
        tables={"figures": pd.DataFrame(rows, columns=["name", "page", "title", "alt", "source", "path"])},
    )


def _about(name: str, page: str, chart: Any) -> dict[str, Any]:
    told = chart.usermeta
    words = {key: told[key] for key in ("title", "alt", "source")}
    return {"name": name, "page": page, **words, "path": f"figures/{safe(name)}"}


def figure(holdings: Holdings, name: str) -> Payload:
    """Give one figure: its specification, its words, its data."""
    from observatory.figures.output import specification
    from observatory.figures.sheet import table

    page, chart = charts(holdings)[name]
    told = _about(name, page, chart)
    data = table(chart)
    data = data.set_axis([str(column) for column in data.columns], axis=1)
    return Payload(
        what=str(told["title"]),
        method=METHOD,
        source=str(told["source"]),
        fields={**told, "spec": specification(chart)},
        tables={"data": data},
        heads={"data": heads(data, chart.usermeta["units"])},
    )


def heads(data: pd.DataFrame, units: Mapping[str, str]) -> dict[str, Column]:
    """Say what the columns of a figure hold: its own names and units, never those of the run's tables.

    A figure's ``high`` is the number of regions of the high tier, where that of a comparison ends an interval.

    Examples
    --------
    >>> data = pd.DataFrame({"industry": ["Food"], "high": [3], "x": [1.5]})
    >>> [(one.label, one.unit) for one in heads(data, {"high": "regions", "x": "population (millions)"}).values()]
    [('Industry', ''), ('High', 'regions'), ('Population', 'millions')]
    """
    called = {**CALLED, **(ENDS if {"source", "target"} <= set(data.columns) else {})}
    return {name: _head(name, called.get(name), units.get(name, ""), data[name]) for name in map(str, data.columns)}


def _head(name: str, called: str | None, unit: str, cells: pd.Series[Any]) -> Column:
    if name in ("x", "y") and unit:  # an axis is called what it counts
        called, _, unit = unit.partition(" (")
        unit = unit.removesuffix(")")
    label = called or name.replace("_", " ")
    coded = name in CODES or (name in ENDS and not name.endswith("_label"))
    kind = "code" if coded else "number" if pd.api.types.is_numeric_dtype(cells) else "text"
    return Column(label[:1].upper() + label[1:], unit, kind)

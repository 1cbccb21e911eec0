"""What changed between the periods: spaces, links, and sectors that came or went."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from ingest.engine import records_of
from observatory.figures.alluvial import alluvial
from observatory.report.maps import line_names, lines_of
from observatory.report.material import Material
from observatory.report.pictures import Picture, picture
from observatory.report.wording import number, signed, small, years

CLASSES = {
    "growing": "Growing: more of all linkages than before, surely",
    "emerging": "Emerging: none before",
    "declining": "Declining: less of all linkages than before, surely",
    "vanished": "Vanished: none since",
    "steady": "Steady: no sure change",
}
#: How many links of each class are listed on the page.
LISTED = 8


def changed(material: Material) -> dict[str, Any]:
    """Gather the section of what changed, for its template; empty lists for a single period."""
    links = material.change("sector__all")
    labels = _labels(material)
    return {
        "pictures": [_flows(material, one, other) for one, other in pairwise(material.periods)],
        "first": years(material.periods[0]),
        "last": years(material.last),
        "single": len(material.periods) < 2,
        "counts": [(CLASSES[name].partition(":")[0], number((links["class"] == name).sum())) for name in CLASSES],
        "classes": [(CLASSES[name], _rows(links, name, labels)) for name in CLASSES if name != "steady"],
        "born": _names(_linked(material, material.last) - _linked(material, material.periods[0]), labels),
        "gone": _names(_linked(material, material.periods[0]) - _linked(material, material.last), labels),
    }


def _flows(material: Material, one: str, other: str) -> Picture:
    first, last = f"sector__all__{one}", f"sector__all__{other}"
    chart = alluvial(
        lines_of(material, first),
        lines_of(material, last),
        _labels(material),
        title=f"Where the sectors of {years(one)} are in {years(other)}",
        subtitle="bands: sectors (number) that go from one space to another; all sources",
        source=f"{material.run.manifest['title']}: {first}, {last}.",
        periods=(years(one), years(other)),
        names=(line_names(material, [first], 1), line_names(material, [last], 1)),
    )
    return picture(f"flows-{other}", chart)


def _labels(material: Material) -> dict[str, str]:
    labels: dict[str, str] = {}
    for period in material.periods:
        nodes = material.nodes(f"sector__all__{period}")
        labels |= dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
    return labels


def _linked(material: Material, period: str) -> set[str]:
    links = material.links(f"sector__all__{period}")
    return {str(node) for node in [*links["source"], *links["target"]]}


def _names(nodes: set[str], labels: dict[str, str]) -> list[str]:
    return [f"{labels.get(node, node)} ({node})" for node in sorted(nodes)]


def _rows(links: pd.DataFrame, name: str, labels: dict[str, str]) -> list[list[str]]:
    """List the surest links of a class, those with most events first where equally sure."""
    part = links[links["class"] == name]
    part = part.assign(most=part[["n1", "n2"]].max(axis=1))
    ordered = part.sort_values(["p", "most", "source", "target"], ascending=[True, False, True, True])
    return [
        [
            " – ".join(labels.get(str(row[end]), str(row[end])) for end in ("source", "target")),
            number(row["n1"]),
            number(row["n2"]),
            signed(row["log_odds"]),
            f"{signed(row['low'])} to {signed(row['high'])}",
            small(row["q"]),
        ]
        for row in records_of(ordered.head(LISTED))
    ]

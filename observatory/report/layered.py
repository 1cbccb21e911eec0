"""Sources as layers: how many spaces all sources at once give, and how far they agree with the others."""

from __future__ import annotations

from typing import Any

from observatory.report.material import Material
from observatory.report.wording import number, source_name, years

METHODS = {"leiden": "Leiden, in layers", "infomap": "Infomap, in layers"}


def layers(material: Material) -> dict[str, Any]:
    """Lay out the table of layers: a row a period and method; no rows where a study has one kind of event.

    Returns
    -------
    dict
        ``headings, rows, numbers`` (columns that hold numbers).
    """
    others = ["all", *material.sources]
    said = [source_name(other) for other in others]
    headings = ["Period", "Method", "Spaces", *(f"Agreement with {said[0]} summed", *(f"{s} alone" for s in said[1:]))]
    rows = [
        [years(period), METHODS[method], number(one[method]["k"]), *_agreement(one, method, others)]
        for period in reversed(material.periods)
        if (one := material.summary(f"layers__{period}"))
        for method in METHODS
    ]
    return {"headings": headings, "rows": rows, "numbers": list(range(2, len(headings)))}


def _agreement(one: dict[str, Any], method: str, others: list[str]) -> list[str]:
    known = {row["b"]: row["ami"] for row in one["agreement"] if row["a"] == method}
    return [number(known.get(other), 2) for other in others]

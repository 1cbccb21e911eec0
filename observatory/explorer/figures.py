"""Figures: each of the report's as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.explorer.holdings import Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload

METHOD = "Drawn by the same specifications as the report's figures."


def charts(holdings: Holdings) -> Mapping[str, Any]:
    """Give the report's charts by name."""
    return {}


def figures(holdings: Holdings) -> Payload:
    """List the figures."""
    rows = [_about(name, chart) for name, chart in charts(holdings).items()]
    return Payload(
        what="Every figure of the report.",
        method=METHOD,
        source=holdings.title,
        tables={"figures": pd.DataFrame(rows, columns=["name", "title", "alt", "source", "path"])},
    )


def _about(name: str, chart: Any) -> dict[str, Any]:
    told = chart.usermeta
    return {"name": name, "title": told["title"], "alt": told["alt"], "source": told["source"],
            "path": f"figures/{safe(name)}"}  # fmt: skip


def figure(holdings: Holdings, name: str) -> Payload:
    """Give one figure: its specification, its words."""
    from observatory.figures.output import specification

    chart = charts(holdings)[name]
    told = _about(name, chart)
    return Payload(
        what=str(told["title"]),
        method=METHOD,
        source=str(told["source"]),
        fields={**told, "specification": specification(chart)},
    )

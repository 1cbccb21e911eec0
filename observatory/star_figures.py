"""The figures of star results: industries by tier, the curves, and a map of firm size for each industry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ingest.engine import records_of
from observatory.figures.economy_bars import economy_bars
from observatory.figures.firm_size_map import EFFECTS, firm_size_map
from observatory.figures.fitted import fitted
from observatory.figures.tier_bars import tier_bars
from observatory.stars.by_tier import scale_of
from observatory.stars.sheets import SHEETS

if TYPE_CHECKING:
    import altair as alt

#: Curve → its title, the column of regions across and what it is divided by, and the column upwards.
CURVES: Mapping[str, tuple[str, str, float, str]] = {
    "clusters_on_population": ("Clusters and the size of a region", "population", 1e6, "total"),
    "prosperity_on_strong_share": ("Strong clusters and prosperity", "strong_share", 1.0, "gdp_per_head"),
    "patenting_on_strong_share": ("Strong clusters and patenting", "strong_share", 1.0, "patents_per_million"),
}


@dataclass(frozen=True)
class Drawn:
    """What the figures are drawn from.

    Attributes
    ----------
    tables
        Star results by name, as :data:`observatory.stars.sheets.SHEETS` describes them.
    about
        ``growth, thresholds`` of the results.
    source
        Whose data, for the line below each figure.
    names
        Code of a region → its name.
    shapes
        As for :func:`observatory.figures.nuts_map.nuts_map`.
    """

    tables: Mapping[str, pd.DataFrame]
    about: Mapping[str, Any]
    source: str
    names: Mapping[str, str] = field(default_factory=dict)
    shapes: Path | None = None

    @property
    def year(self) -> int:
        """The year that the figures are of."""
        return int(self.about["growth"][1])

    def after(self, name: str) -> str:
        """Say whose data a figure has, and whose it follows."""
        return f"{self.source}; after {SHEETS[name].source}."

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, empty where the results have none."""
        return self.tables.get(name, pd.DataFrame())


def bars(drawn: Drawn) -> alt.VConcatChart | None:
    """Draw employment and wages of each industry by tier; None where no employment is known."""
    tiers = drawn.table("tiers")
    if tiers.empty or not tiers["employment_share"].notna().any():
        return None
    return tier_bars(
        tiers,
        scale_of(tiers["tier"]),
        title=f"What of each industry is in clusters, and what they pay, {drawn.year}",
        subtitle="share of the industry's employment by tier (%); average wage of each tier (average of all exporting "
        "industries and regions = 100)",
        source=drawn.after("tiers"),
    )


def curve(drawn: Drawn, name: str) -> alt.VConcatChart | None:
    """Draw regions and the curve through them, one of :data:`CURVES`; None where too little is known of them."""
    title, across, unit, up = CURVES[name]
    regions, fits = drawn.table("regions"), drawn.table("fits")
    if regions.empty or not (regions[across].notna() & regions[up].notna()).any():
        return None
    fit = next(row for row in records_of(fits) if row["fit"] == name)
    points = pd.DataFrame(
        {
            "region": regions["region"],
            "label": [drawn.names.get(code, code) for code in regions["region"]],
            "x": regions[across].astype("float64") / unit,
            "y": regions[up].astype("float64"),
        }
    )
    line = f"no curve: {fit['note']}" if fit["note"] else f"dashed: second-degree fit, R² {fit['r2']:.2f}"
    return fitted(
        points,
        (fit["square"], fit["linear"], fit["constant"]),
        title=f"{title}, {drawn.year}",
        subtitle=f"each dot: a region; labels: those farthest from the curve; {line}",
        source=drawn.after("fits"),
        x_name=str(fit["x"]),
        y_name=str(fit["y"]),
    )


def economies(drawn: Drawn) -> alt.VConcatChart | None:
    """Draw economies beside each other; None where the table holds one only."""
    effects = drawn.table("economy_effects")
    if effects.empty:
        return None
    limits = drawn.about["thresholds"]
    return economy_bars(
        effects,
        title=f"Economies against each other: many firms or large ones, {drawn.year}",
        subtitle="number of industries with a quotient of firms, or of their size, above "
        f"{limits['economies_least_quotient']:g}, and with a dominant beta (above {limits['firm_size_dominance']:g})",
        source=drawn.after("economy_effects"),
    )


def mapped(sizes: pd.DataFrame) -> Sequence[str]:
    """Return the industries with a specialised region whose betas are known, those of most such regions first.

    Examples
    --------
    >>> mapped(pd.DataFrame({"industry": ["a", "b", "b"], "class": ["SME effect"] * 3}))
    ['b', 'a']
    """
    if sizes.empty:
        return []
    shown = sizes[sizes["class"].isin(list(EFFECTS))]
    counted = shown.groupby("industry").size().reset_index(name="regions")
    return [str(name) for name in counted.sort_values(["regions", "industry"], ascending=[False, True])["industry"]]


def firm_map(drawn: Drawn, industry: str, words: str = "") -> alt.VConcatChart:
    """Draw the map of firm size of one industry; `words` come after the subtitle."""
    sizes, limits = drawn.table("firm_size"), drawn.about["thresholds"]
    least, dominance = limits["firm_size_least_quotient"], limits["firm_size_dominance"]
    return firm_size_map(
        sizes[sizes["industry"] == industry],
        title=f"Specialised in {industry}: by many firms or by large ones, {drawn.year}",
        subtitle=f"regions with a location quotient of {least:g} or more by dominant effect (beta above {dominance:g})"
        + words,
        source=drawn.after("firm_size"),
        labels=drawn.names,
        shapes=drawn.shapes,
    )


def every(drawn: Drawn) -> Iterator[tuple[str, alt.VConcatChart]]:
    """Draw every figure that the results allow, with a name for its file."""
    charts = {"tiers": bars(drawn), "economies": economies(drawn)}
    charts |= {name: curve(drawn, name) for name in CURVES}
    yield from ((name, chart) for name, chart in charts.items() if chart is not None)
    for industry in mapped(drawn.table("firm_size")):
        yield f"firm_size_{file_name(industry)}", firm_map(drawn, industry)


def file_name(industry: str) -> str:
    """Turn the name of an industry to that of a file.

    Examples
    --------
    >>> file_name("Cars & food")
    'cars_food'
    """
    return re.sub(r"[^a-z0-9]+", "_", industry.casefold()).strip("_") or "group"

"""Stars by tier: what clusters employ, pay and grow by, where they are, and through which firms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ingest.engine import records_of
from observatory.figures.firm_size_map import EFFECTS, firm_size_map
from observatory.figures.fitted import fitted
from observatory.figures.tier_bars import tier_bars
from observatory.report.material import Material
from observatory.report.pictures import Picture, picture
from observatory.report.wording import number, percent, signed
from observatory.stars.by_tier import scale_of
from observatory.stars.sheets import SHEETS, stated

#: Regions that the page lists; all are in the workbook.
TOP = 25


def table(material: Material, name: str) -> pd.DataFrame:
    """Return one of the star results by name; empty where the run has none."""
    path = f"stars/{name}.parquet"
    return material.run.table(path) if material.run.names(path) else pd.DataFrame()


def sheets(material: Material) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the star table, every result, what their columns are, and method and thresholds, for the workbook."""
    yield "stars", material.run.table("stars.parquet")
    for name in ("stars", *SHEETS):
        one = table(material, name)
        if len(one):
            yield "stars_at_level" if name == "stars" else f"stars_{name}", one
    about = material.run.manifest["stars"]
    if "how" in about:
        yield "stars_columns", material.run.table("stars/columns.csv")
        yield "stars_method", stated(about, about["notes"])


def section(material: Material) -> dict[str, Any]:
    """Gather the section, for its template."""
    about = material.run.manifest["stars"]
    if "how" not in about:
        return {"there": False, "pictures": [], "about": about}
    first, last = about["growth"]
    return {
        "there": True,
        "about": about,
        "pictures": [*_bars(material), *_clusters(material), *_map(material)],
        "year": last,
        "grown": f"{first}–{last}" if first != last else "",
        "tiers": _tiers(table(material, "tiers_overall")),
        "regions": _regions(material),
        "fits": [_said(row) for row in records_of(table(material, "fits")) if not row["note"]],
        "key": _key(table(material, "key_statistics")),
        "effects": _effects(table(material, "firm_size_effects")),
        "economies": _economies(table(material, "economy_effects")),
    }


def _source(material: Material, name: str) -> str:
    return f"{material.run.manifest['title']}: {material.run.manifest['stars']['source']}; after {SHEETS[name].source}."


def _year(material: Material) -> int:
    return int(material.run.manifest["stars"]["growth"][1])


def _bars(material: Material) -> list[Picture]:
    tiers = table(material, "tiers")
    if not tiers["employment_share"].notna().any():
        return []
    chart = tier_bars(
        tiers,
        scale_of(tiers["tier"]),
        title=f"What of each industry is in clusters, and what they pay, {_year(material)}",
        subtitle="share of the industry's employment by tier (%); average wage of each tier (average of all exporting "
        "industries and regions = 100)",
        source=_source(material, "tiers"),
    )
    return [picture("tiers-employment", chart)]


def _clusters(material: Material) -> list[Picture]:
    regions, names = table(material, "regions"), material.region_names
    if not regions["population"].notna().any():
        return []
    fit = next(row for row in records_of(table(material, "fits")) if row["fit"] == "clusters_on_population")
    points = pd.DataFrame(
        {
            "region": regions["region"],
            "label": [names.get(code, code) for code in regions["region"]],
            "x": regions["population"] / 1e6,
            "y": regions["total"].astype("float64"),
        }
    )
    line = f"; dashed: second-degree fit, R² {fit['r2']:.2f}" if not fit["note"] else f"; no curve: {fit['note']}"
    chart = fitted(
        points,
        (fit["square"], fit["linear"], fit["constant"]),
        title=f"Clusters and the size of a region, {_year(material)}",
        subtitle=f"each dot: a region; labels: those farthest from the curve{line}",
        source=_source(material, "fits"),
        x_name="population (millions)",
        y_name="clusters (number)",
    )
    return [picture("tiers-population", chart)]


def _map(material: Material) -> list[Picture]:
    """The map of the industry that most regions are specialised in, with betas."""
    sizes = table(material, "firm_size")
    shown = sizes[sizes["class"].isin(list(EFFECTS))] if len(sizes) else sizes
    if shown.empty:
        return []
    counted = shown.groupby("industry").size().reset_index(name="regions")
    industry = str(counted.sort_values(["regions", "industry"], ascending=[False, True])["industry"].iloc[0])
    limits = material.run.manifest["stars"]["thresholds"]
    least, dominance = limits["firm_size_least_quotient"], limits["firm_size_dominance"]
    chart = firm_size_map(
        sizes[sizes["industry"] == industry],
        title=f"Specialised in {industry}: by many firms or by large ones, {_year(material)}",
        subtitle=f"regions with a location quotient of {least:g} or more by dominant effect (beta above {dominance:g})"
        "; of the industries below, this one is in most regions",
        source=_source(material, "firm_size"),
        labels=material.region_names,
        shapes=material.shapes,
    )
    return [picture("tiers-firm-size", chart)]


def _tiers(rows: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row["tier"], number(row["regions"]), number(row["employment"]), number(row["employment_share"], 1),
            number(row["wage"]), number(row["wage_index"]), signed(row["employment_growth"]),
            signed(row["productivity_growth"]),
        ]
        for row in records_of(rows)
    ]  # fmt: skip


def _regions(material: Material) -> dict[str, Any]:
    regions, names = table(material, "regions"), material.region_names
    last = regions.columns.get_loc("total")
    tiers = list(regions.columns[2:last])
    first = regions[regions["total"] > 0].head(TOP)
    return {
        "tiers": [tier.replace("_", " ") for tier in tiers],
        "number": number(len(regions)),
        "rows": [
            [number(row["rank"]), row["region"], names.get(row["region"], ""),
             *(number(row[tier]) for tier in tiers), number(row["total"]), percent(row["strong_share"])]
            for row in records_of(first)
        ],
    }  # fmt: skip


def _said(row: dict[str, Any]) -> str:
    """Write a curve as the Observatory did: y = a x² + b x + c, with its R²."""
    terms = f"{_figure(row['square'])} x² {_plus(row['linear'])} x {_plus(row['constant'])}"
    subject = row["y"][:1].upper() + row["y"][1:]
    return f"{subject}, y, by {row['x']}, x: y = {terms}; R² {row['r2']:.2f}, {row['points']} regions"


def _figure(value: float) -> str:
    """Three digits, or a whole number."""
    return (f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}").replace("-", "−")


def _plus(value: float) -> str:
    return f"{'+' if value >= 0 else '−'} {_figure(abs(value))}"


def _key(rows: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row["industry"], number(row["employment"]), number(row["employment_share_exporting"], 1),
            number(row["employment_share_economy"], 1), number(row["firms"]), number(row["firms_share_exporting"], 1),
            number(row["firms_share_economy"], 1), number(row["wage"]), number(row["wage_to_exporting"], 1),
            number(row["wage_to_economy"], 1), signed(row["employment_growth"]),
        ]
        for row in records_of(rows)
    ]  # fmt: skip


def _effects(rows: pd.DataFrame) -> list[list[str]]:
    names = ("large_firm_effect", "SME_effect", "both_effects", "not_specialised", "not_computable")
    return [[row["industry"], *(number(row[name]) for name in names)] for row in records_of(rows)]


def _economies(rows: pd.DataFrame) -> list[list[str]]:
    names = ("specialised", "plant", "size", "beta_plant", "beta_size", "industries", "not_computable")
    return [[row["economy"], *(number(row[name]) for name in names)] for row in records_of(rows)]

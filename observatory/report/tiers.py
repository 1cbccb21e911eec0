"""Stars by tier: what clusters employ, pay and grow by, where they are, and through which firms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ingest.engine import records_of
from observatory.material import Material
from observatory.report.hot_spots import industries
from observatory.report.pictures import Picture, picture
from observatory.report.wording import number, percent, signed
from observatory.star_figures import Drawn, bars, curve, firm_map, mapped
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
        return {"there": False, "pictures": industries(material), "about": about}
    first, last = about["growth"]
    return {
        "there": True,
        "about": about,
        "pictures": [*industries(material), *_pictures(material)],
        "year": last,
        "grown": f"{first}–{last}" if first != last else "",
        "tiers": _tiers(table(material, "tiers_overall")),
        "regions": _regions(material),
        "fits": [_said(row) for row in records_of(table(material, "fits")) if not row["note"]],
        "key": _key(table(material, "key_statistics")),
        "effects": _effects(table(material, "firm_size_effects")),
        "economies": _economies(table(material, "economy_effects")),
    }


def _drawn(material: Material) -> Drawn:
    about = material.run.manifest["stars"]
    return Drawn(
        {name: table(material, name) for name in SHEETS},
        about,
        f"{material.run.manifest['title']}: {about['source']}",
        material.region_names,
        material.shapes,
    )


def _pictures(material: Material) -> list[Picture]:
    """At most three: the tiers, clusters on population, and the map of the industry that most are specialised in."""
    drawn = _drawn(material)
    charts = {"tiers-employment": bars(drawn), "tiers-population": curve(drawn, "clusters_on_population")}
    for industry in mapped(drawn.table("firm_size"))[:1]:
        words = "; of the industries below, this one is in most regions"
        charts["tiers-firm-size"] = firm_map(drawn, industry, words)
    return [picture(name, chart) for name, chart in charts.items() if chart is not None]


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

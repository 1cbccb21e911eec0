"""The report's section of stars by tier: figures, tables and words are those of the run folder."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from observatory.figures.economy_bars import PANELS, economy_bars
from observatory.figures.firm_size_map import EFFECTS, firm_size_map
from observatory.figures.fitted import HEIGHT, LABELS, WIDTH, fitted
from observatory.figures.output import to_svg
from observatory.figures.sheet import table as table_of
from observatory.figures.tier_bars import MOST, tier_bars
from observatory.material import Material
from observatory.report import tiers
from observatory.report.written.tiers import written as tiers_written
from observatory.stars import star_scores
from observatory.stars.results import star_results
from observatory.stars.sheets import described
from observatory.stars.tiers import TIERS
from observatory.store import Run, write_csv, write_json, write_parquet

WORDS = {"title": "A title", "subtitle": "per cent, 2014", "source": "Invented."}


# --- the figures ---


def rows_of(shares, tiers_of=TIERS):
    return pd.DataFrame(
        [(name, tier, 10.0, share, 100.0 + share) for name, parts in shares.items()
         for tier, share in zip(tiers_of, parts, strict=True)],
        columns=["industry", "tier", "employment", "employment_share", "wage_index"],
    )  # fmt: skip


def test_bars_stand_by_their_part_in_clusters_and_fill_the_whole():
    rows = rows_of({"Apparel": (0.0, 10.0, 20.0, 70.0), "Plastics": (50.0, np.nan, 20.0, 30.0)})
    chart = tier_bars(rows, TIERS, **WORDS)
    drawn = pd.DataFrame(chart.datasets["rows"])
    assert [row["said"] for row in chart.datasets["shares"]] == ["70 %", "30 %"]
    assert drawn.groupby("industry")["to"].max().to_dict() == {"Apparel": 100.0, "Plastics": 100.0}
    plastics = drawn[drawn["industry"] == "Plastics"]
    assert plastics[["tier", "from", "to"]].to_numpy().tolist() == [
        ["high", 0.0, 50.0], ["basic", 50.0, 70.0], ["none", 70.0, 100.0],
    ]  # fmt: skip
    assert "most in clusters: Plastics 70 %" in chart.usermeta["alt"]
    assert len(table_of(chart)) == 8
    assert "Plastics" in to_svg(chart)


def test_bars_of_the_2009_method_and_of_too_many_industries():
    scale = ("three stars", "two stars", "one star", "none")
    many = rows_of({f"i{number:02}": (1.0, 2.0, float(number), 97.0 - number) for number in range(MOST + 5)}, scale)
    chart = tier_bars(many, scale, **WORDS)
    assert len(chart.datasets["shares"]) == MOST
    assert f"The {MOST} industries with most in clusters of {MOST + 5}." in str(chart.to_dict()["title"]["subtitle"])
    with pytest.raises(ValueError, match="expected high, medium"):
        tier_bars(many, TIERS, **WORDS)
    with pytest.raises(ValueError, match="lacks wage_index"):
        tier_bars(many.drop(columns="wage_index"), scale, **WORDS)


def points(number=40):
    draw = np.random.default_rng(4)
    x = draw.uniform(0.3, 8, number)
    codes = [f"DE{n:02}" for n in range(number)]
    return pd.DataFrame({"region": codes, "label": codes, "x": x, "y": 8 * x - x * x / 3 + draw.normal(0, 3, number)})


def test_the_curve_is_drawn_where_regions_are_and_the_farthest_are_named():
    data = points()
    chart = fitted(data, (-1 / 3, 8.0, 0.0), **WORDS, x_name="people", y_name="clusters")
    curve = pd.DataFrame(chart.datasets["curve"])
    assert np.allclose(curve["y"], 8 * curve["x"] - curve["x"] ** 2 / 3, atol=1e-4)
    assert curve["x"].between(data["x"].min() - 1e-6, data["x"].max() + 1e-6).all()
    far = (data["y"] - (8 * data["x"] - data["x"] ** 2 / 3)).abs().nlargest(LABELS)
    named = {label["text"] for label in chart.datasets["labels"]}
    assert named <= set(data.loc[far.index, "region"])
    assert data.loc[far.index[0], "region"] in named
    assert len(chart.datasets["dots"]) == len(data)
    assert re.search(rf'width="{WIDTH}"|height="{HEIGHT}"', to_svg(chart)) or to_svg(chart).startswith("<svg")


def test_no_curve_and_no_region():
    nan = float("nan")
    chart = fitted(points(3).assign(x=[1.0, nan, 2.0]), (nan, nan, nan), **WORDS, x_name="x", y_name="y")
    assert chart.datasets["curve"] == []
    assert len(chart.datasets["dots"]) == 2
    bare = fitted(points(0), (nan, nan, nan), **WORDS, x_name="x", y_name="y")
    assert bare.usermeta["alt"] == "Dots. A title. No region."


def test_the_map_has_the_hues_of_the_effects():
    rows = pd.DataFrame(
        {"region": ["DE21", "FR10", "SE11"], "class": [*list(EFFECTS)[:2], "not computable"],
         "quotient": [1.84, 2.5, 1.9], "beta_plant": [0.2, 0.7, np.nan], "beta_size": [0.8, 0.3, np.nan]}
    )  # fmt: skip
    chart = firm_size_map(rows, **WORDS, labels={"DE21": "Oberbayern"})
    told = {row["region"]: row for row in chart.datasets["table"]}
    assert told["DE21"]["space"] == "large firm effect"
    assert told["DE21"]["label"] == "Oberbayern"
    assert told["SE11"]["space"] == told["AT13"]["space"] == "not specialised, or not known"
    assert told["FR10"]["value"] == 2.5
    assert "Dominant effect" in to_svg(chart)


def test_economies_have_a_bar_in_each_panel():
    effects = pd.DataFrame(
        {"economy": ["US", "EU"], "specialised": [3, 2], "plant": [4, 1], "size": [0, 6], "beta_plant": [2, 2],
         "beta_size": [5, 0], "industries": 10, "not_computable": 0}
    )  # fmt: skip
    chart = economy_bars(effects, **WORDS)
    drawn = pd.DataFrame(chart.datasets["rows"]).pivot_table(index="economy", columns="panel", values="number")
    assert drawn.loc["US", list(PANELS.values())].to_list() == [4, 0, 2, 5]
    assert chart.usermeta["alt"].startswith("Bars. A title. EU: many firms (plant) 1, large firms (size) 6")
    assert "Large firms dominant" in to_svg(chart)
    with pytest.raises(ValueError, match="lacks beta_size"):
        economy_bars(effects.drop(columns="beta_size"), **WORDS)


# --- the section ---


def regional_table(firms=True) -> pd.DataFrame:
    draw = np.random.default_rng(12)
    names = ("Automotive", "Plastics", "Metalworking Technology", "Biopharmaceuticals", "Medical Devices")
    rows = []
    for r in range(12):
        for year in range(2009, 2018):
            jobs = draw.integers(100, 5000, len(names)).astype(float)
            for name, people in zip(names, jobs, strict=True):
                number = float(draw.integers(3, 200))
                rows.append([f"DE{r + 11}", name, year, people, people * draw.integers(20_000, 60_000),
                             number if firms else np.nan, number // 5, number // 9, np.nan])  # fmt: skip
            rows.append([f"DE{r + 11}", "total", year, jobs.sum() * 2, jobs.sum() * 70_000, 2000.0, 9.0, 9.0, 1e5 * r])
    columns = ["region", "industry", "year", "employment", "wages", "firms", "high_growth_smes", "frontier_firms",
               "population"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def material_of(folder, table, **options) -> Material:
    """Write what the section reads of a run folder, and open it."""
    results = star_results(table, "industry", **options)
    write_parquet(folder / "stars.parquet", star_scores(table, "industry"))
    tables = {name: one for name, one in results.tables.items() if len(one)}
    if options.get("level"):
        tables = {"stars": results.scores, **tables}
    for name, one in tables.items():
        write_parquet(folder / "stars" / f"{name}.parquet", one)
    write_csv(folder / "stars" / "columns.csv", described(tables, "stars.csv"))
    write_json(folder / "spaces.json", {"spaces": []})
    about = {"source": "stars.csv", **results.about, "notes": results.notes}
    return Material(Run(folder, {"title": "Invented", "stars": json.loads(json.dumps(about))}), None)


def written(material: Material) -> str:
    """The section's words, as they stand in the document."""

    def words(part) -> list[str]:
        if isinstance(part, dict):
            return [said for key, one in part.items() if key != "kind" for said in words(one)]
        return [said for one in part for said in words(one)] if isinstance(part, list) else [str(part)]

    return " ".join(words(tiers_written(tiers.section(material))))


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return material_of(tmp_path_factory.mktemp("run"), regional_table())


def test_the_section_holds_its_figures_and_every_table(material):
    section = tiers.section(material)
    drawn = [one.name for one in section["pictures"]]
    assert drawn == ["stars-by-industry", "tiers-employment", "tiers-population", "tiers-firm-size"]
    assert [row[0] for row in section["tiers"]] == list(TIERS)
    assert len(section["key"]) == len(tiers.table(material, "key_statistics"))
    assert section["grown"] == "2014–2017"
    clusters = (tiers.table(material, "regions")["total"] > 0).sum()
    assert len(section["regions"]["rows"]) == min(clusters, tiers.TOP)


def test_words_and_figures_of_the_section_are_those_of_the_run(material):
    page = written(material)
    assert material.run.manifest["stars"]["how"] in page
    for note in material.run.manifest["stars"]["notes"]:
        assert note in page
    overall = tiers.table(material, "tiers_overall").set_index("tier")
    assert f"{overall.loc['none', 'regions']:,}" in page
    fit = tiers.table(material, "fits").set_index("fit").loc["clusters_on_population"]
    assert f"R² {fit['r2']:.2f}, {fit['points']} regions" in page
    assert "Prosperity" not in page
    assert "LQ of 1.5 or more" in page
    assert "Economies against each other" not in page


def test_the_workbook_gets_every_table_with_its_columns_and_method(material):
    sheets = dict(tiers.sheets(material))
    assert {"stars", "stars_tiers", "stars_regions", "stars_firm_size", "stars_columns", "stars_method"} <= set(sheets)
    assert "stars_economies" not in sheets
    assert all(len(name) <= 31 for name in sheets)
    said = sheets["stars_method"].set_index("what")["said"]
    assert said["threshold firm size dominance"] == "0.55"
    assert said["method"].startswith("Panorama 2020")
    told = {"stars_" + name for name in sheets["stars_columns"]["table"]}
    assert told == set(sheets) - {"stars", "stars_columns", "stars_method"}


def test_another_level_without_firms_and_people(tmp_path):
    table = regional_table(firms=False).drop(columns="population")
    material = material_of(tmp_path, table, level="emerging")
    section = tiers.section(material)
    assert [one.name for one in section["pictures"]] == ["stars-by-industry", "tiers-employment"]
    assert section["tiers"] == section["effects"] == section["fits"] == []
    assert "stars_at_level" in dict(tiers.sheets(material))
    page = written(material)
    assert "The table has no numbers of firms: firm size is not told." in page
    assert "Key statistics of the ten emerging industries" in page


def test_published_tiers_have_no_results_and_that_is_said(tmp_path):
    write_parquet(
        tmp_path / "stars.parquet", pd.DataFrame({"region": ["DE21"], "industry": ["Plastics"], "tier": ["high"]})
    )
    about = {"source": "Panorama 2020, Annex A", "method": "published tiers", "notes": []}
    material = Material(Run(tmp_path, {"title": "T", "stars": about}), None)
    assert [one.name for one in tiers.section(material)["pictures"]] == ["stars-by-industry"]
    assert "Results by tier need a regional table of the study's own" in written(material)
    assert list(dict(tiers.sheets(material))) == ["stars"]

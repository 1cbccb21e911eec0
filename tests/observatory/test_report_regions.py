"""The report on regions, and linkages beside stars, are what the run's tables say."""

import pandas as pd

from observatory.material import Material
from observatory.regions import open_profiles
from observatory.report import regions
from observatory.report.beside import drawn, foremost, said, section, stars_beside
from observatory.report.findings import findings
from observatory.report.written import regions as written
from observatory.study import open_study


def test_the_foremost_regions_have_most_strong_industries(profiled_run):
    opened = open_profiles(profiled_run)
    table = opened.tables["stars/quadrants"]
    strong = table[table["strong"]].groupby("region")["industry"].nunique()
    told = regions.foremost(opened)
    counts = [int(strong.get(code, 0)) for code in told]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == strong.max()
    assert "" not in told
    assert len(regions.foremost(opened, 3)) == 3


def test_a_region_is_told_as_its_profile_says(profiled_run, small_study):
    material = Material.of(profiled_run, open_study(small_study))
    section = regions.section(material)
    one = section["regions"][0]
    profile = open_profiles(profiled_run).profile(one["code"])
    strong = profile.industries[profile.industries["strong"]]
    assert [row[1] for row in one["strong"]] == strong["industry"].to_list()
    assert len(one["lacking"]) + one["more"] == len(profile.lacking)
    assert one["sums"].endswith("lacking")
    assert section["notes"] == profile.notes
    sheet = regions.sheet(material, "region_lacking")
    assert len(sheet) == (profiled_run.table("profiles/lacking.parquet")["period"] == material.last).sum()
    assert set(sheet["space"]) <= set("ABCDEFGH")


def test_stars_beside_are_the_quadrants_of_the_run(profiled_run, small_study):
    material = Material.of(profiled_run, open_study(small_study))
    points = stars_beside(material)
    whole = profiled_run.table("stars/quadrants.parquet").query("period == @material.last")
    kept = whole[(whole["region"] != "") & (whole["tier"] != "not known")]
    assert points["linkage"].sum() == kept["linkage"].sum()
    assert len(points) == len(kept) < len(whole)
    dots = drawn(material, points)
    assert 0 < len(dots) <= sum(len(space["tiers"]) for space in profiled_run.spaces)
    keys = ["space", "industry", "region", "linkage"]
    assert len(dots.astype(str).merge(points.astype(str), on=keys)) == len(dots)
    assert said(material)[0] == "Strong: a tier of basic or better."


def test_a_run_without_profiles_says_so(profiled_run, small_study, monkeypatch):
    material = Material.of(profiled_run, open_study(small_study))
    monkeypatch.setattr(type(material), "profiles_about", {})
    assert regions.section(material) == {"regions": [], "weak": [], "notes": [], "period": "2007–2014"}
    assert said(material) == []


def test_regions_without_a_strong_industry_have_no_fold(small_run, small_study):
    """No tier of medium or better: a list in place of folds that all say the same."""
    told = regions.section(Material.of(small_run, open_study(small_study)))
    assert told["regions"] == []
    assert len(told["weak"]) > 1
    blocks = written.written(told)
    assert [one["kind"] for one in blocks] == ["text", "items", "items"]
    assert blocks[0]["text"].startswith("No region has a strong industry in a space of 2007–2014.")
    assert blocks[1]["items"][0]["lead"] == f"{told['weak'][0]['name']} ({told['weak'][0]['code']}):"
    assert blocks[1]["items"][0]["text"].startswith("Linked most to ")


def test_the_finding_names_what_the_table_names_first(profiled_run, small_study):
    """Of strong clusters with few linkages: those with most stars and fewest events, in both places."""
    material = Material.of(profiled_run, open_study(small_study))
    points = stars_beside(material)
    finding = next(one for one in findings(material, points) if one.about == "Beside stars").text
    quarters = [
        one for one in section(material, points)["quarters"] if one["rows"] and not one["name"].startswith("Neit")
    ]
    assert quarters
    for quarter in quarters:
        first = quarter["rows"][0]
        assert f"(foremost {first[1]} in {first[2]}" in finding
        here = points[points["quadrant"] == quarter["name"]]
        assert foremost(here, quarter["name"]).iloc[0]["industry"] == first[1]


def test_the_figure_says_how_many_of_the_counted_pairs_it_draws(profiled_run, small_study):
    """The lists below it count every pair: a figure of fewer must say so."""
    material = Material.of(profiled_run, open_study(small_study))
    points = stars_beside(material)

    def told(points):
        title = section(material, points)["pictures"][0].chart.to_dict()["title"]
        return " ".join([title["subtitle"]] if isinstance(title["subtitle"], str) else title["subtitle"])

    assert len(drawn(material, points)) == len(points)
    assert "Drawn" not in told(points)
    more = pd.concat([points, points.head(3).assign(region="DEF0")], ignore_index=True)
    assert f"Drawn: {len(points)} of the {len(points) + 3} pairs" in told(more)

"""The report on regions, and linkages beside stars, are what the run's tables say."""

from observatory.material import Material
from observatory.regions import open_profiles
from observatory.report import regions
from observatory.report.beside import drawn, said, stars_beside
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
    assert said(material)[0] == "Strong: a tier of basic or better."


def test_a_run_without_profiles_says_so(profiled_run, small_study, monkeypatch):
    material = Material.of(profiled_run, open_study(small_study))
    monkeypatch.setattr(type(material), "profiles_about", {})
    assert regions.section(material) == {"regions": [], "notes": [], "period": "2007–2014"}
    assert said(material) == []

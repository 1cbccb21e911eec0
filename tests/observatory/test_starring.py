"""The stage of stars: results at the study's level, for its groups, regions and economies."""

from __future__ import annotations

import pytest

from ingest.faults import BadInput
from observatory.stages.starring import star_table
from observatory.stars.sheets import SHEETS
from observatory.study import open_study

TABLE = 'table = "inbox/stars.csv"\n'


def with_settings(own_study, lines, more=""):
    path = own_study / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert TABLE in text
    path.write_text(text.replace(TABLE, TABLE + lines) + more, encoding="utf-8")
    return open_study(own_study)


def test_the_results_go_with_the_stars(own_study):
    made = star_table(open_study(own_study))
    assert set(made.tables) < set(SHEETS)
    assert "stars" not in made.tables
    assert set(made.files["columns"]["table"]) == set(made.tables)
    assert made.about["how"].startswith("Panorama 2020, for the 51 industries")
    assert made.about["thresholds"]["firm_size_dominance"] == 0.55
    assert made.about["source"] == "inbox/stars.csv"
    clusters = made.tables["tiers"].query("tier != 'none'")["regions"].sum()
    assert made.tables["regions"]["total"].sum() == clusters == (made.table["tier"] != "none").sum()


def test_another_level_leaves_the_stars_beside_the_spaces_as_they_are(own_study):
    plain = star_table(open_study(own_study))
    made = star_table(with_settings(own_study, 'level = "emerging"\n'))
    assert made.table.equals(plain.table)
    assert set(made.tables["stars"]["industry"]) == set(made.tables["tiers"]["industry"])
    assert "Mobility Technologies" in set(made.tables["stars"]["industry"])
    assert made.about["level"] == "emerging"


def test_groups_of_the_study(own_study):
    groups = '[groups.sectors]\n"Cars and food" = ["Automotive", "Food Processing and Manufacturing"]\n'
    made = star_table(with_settings(own_study, 'level = "groups"\n', groups))
    assert set(made.tables["stars"]["industry"]) == {"Cars and food"}
    assert made.about["firm_size_of"] == "the study's own groups"


def test_regions_and_economies_of_the_study(own_study):
    (own_study / "inbox" / "regions.csv").write_text("region,year,population\nDE21,2014,4500000\n", encoding="utf-8")
    lines = 'quotient = 1.2\ndominance = 0.6\nregions = "inbox/regions.csv"\n'
    lines += 'economies = { Germany = ["DE"], Rest = ["FR", "IT", "AT", "SE"] }\n'
    made = star_table(with_settings(own_study, lines))
    assert made.tables["regions"].set_index("region").loc["DE21", "population"] == 4_500_000
    assert set(made.tables["economies"]["economy"]) == {"Germany", "Rest"}
    stated = made.about["thresholds"]
    assert (stated["firm_size_least_quotient"], stated["firm_size_dominance"]) == (1.2, 0.6)
    weak = made.tables["firm_size"]["quotient"] < 1.2
    assert weak.equals(made.tables["firm_size"]["class"] == "not specialised")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('level = "division"\n', "level division needs a table in NACE codes"),
        ('level = "groups"\n', "level groups needs groups"),
        ('regions = "inbox/nowhere.csv"\n', "nowhere.csv"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(own_study, lines, words):
    with pytest.raises(BadInput) as caught:
        star_table(with_settings(own_study, lines))
    assert words in str(caught.value)


def test_published_tiers_have_no_results(own_study):
    path = own_study / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(TABLE, ""), encoding="utf-8")
    made = star_table(open_study(own_study))
    assert made.tables == {}
    assert "how" not in made.about

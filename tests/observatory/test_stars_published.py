"""The Panorama 2020's own tiers, and tiers set beside other tables."""

import tomllib
from importlib.resources import files

import pandas as pd

from observatory.stars import (
    published_contradictions,
    published_counts,
    published_tiers,
    published_top_regions,
    star_scores,
    summary,
    tiers_of,
)
from observatory.stars.published import PRINTED_TOTALS

#: Where the sentences of Annex A and its lists disagree: (counted in the sentence, named in the list).
CONTRADICTIONS = {
    ("Communications Equipment and Services", "high"): (11, 10),
    ("Recreational and Small Electric Goods", "medium"): (29, 27),
    ("Upstream Chemical Products", "medium"): (19, 18),
}


def test_named_clusters() -> None:
    tiers = published_tiers()
    assert tiers.columns.to_list() == ["industry", "region", "tier"]
    assert tiers["tier"].value_counts().to_dict() == {"medium": 897, "high": 197}
    assert not tiers.duplicated(["industry", "region"]).any()
    assert tiers["region"].str.fullmatch("[A-Z]{2}[0-9A-Z]{2}").all()
    assert tiers["region"].nunique() == 219
    assert {"CY00", "IS00", "LV00", "MK00", "UKI3", "EL30"} & set(tiers["region"]) >= {"LV00", "UKI3"}
    automotive = tiers[(tiers["industry"] == "Automotive") & (tiers["tier"] == "high")]
    assert automotive["region"].to_list() == ["DE11", "DE21", "FR41", "FR42"]


def test_printed_counts() -> None:
    counts = published_counts()
    assert len(counts) == 51
    assert counts[["clusters", "high", "medium", "basic"]].sum().to_list() == [2950, 198, 900, 1854]
    odd = counts["clusters"] != counts[["high", "medium", "basic"]].sum(axis=1)
    assert counts.loc[odd, "industry"].to_list() == ["Recreational and Small Electric Goods"]


def test_print_contradicts_itself_only_where_the_card_says() -> None:
    named = published_tiers().groupby(["industry", "tier"]).size()
    printed = published_counts().set_index("industry")[["high", "medium"]].stack()
    both = pd.DataFrame({"printed": printed, "named": named.reindex(printed.index, fill_value=0)})
    differ = both[both["printed"] != both["named"]]
    found = {
        pair: (int(row.printed), int(row.named)) for pair, row in zip(differ.index, differ.itertuples(), strict=True)
    }
    assert found == CONTRADICTIONS
    card = tomllib.loads((files("observatory.stars") / "reference/panorama2020_tiers.toml").read_text("utf-8"))
    for industry, _ in CONTRADICTIONS:
        assert any(industry in note for note in card["notes"])


def test_the_totals_of_the_print_are_reproduced() -> None:
    """198 high, 898 medium, 1,854 basic, 2,950 in all: names, and what the print counts but does not name."""
    named = published_tiers()["tier"].value_counts()
    counts = published_counts()
    gaps = {pair: printed - listed for pair, (printed, listed) in CONTRADICTIONS.items()}
    assert named["high"] + gaps["Communications Equipment and Services", "high"] == PRINTED_TOTALS["high"] == 198
    # the 29 medium of Recreational and Small Electric Goods are a slip: its list, and its number in all, have 27
    assert named["medium"] + gaps["Upstream Chemical Products", "medium"] == PRINTED_TOTALS["medium"] == 898
    slip = gaps["Recreational and Small Electric Goods", "medium"]
    assert counts["medium"].sum() - slip == PRINTED_TOTALS["medium"]
    assert counts["basic"].sum() == PRINTED_TOTALS["basic"] == 1854
    assert counts["clusters"].sum() == PRINTED_TOTALS["clusters"] == 2950
    assert PRINTED_TOTALS["clusters"] == sum(PRINTED_TOTALS[tier] for tier in ("high", "medium", "basic"))


def test_table_3_against_annex_a() -> None:
    top = published_top_regions()
    assert len(top) == 25
    assert (top["total"] == top[["basic", "medium", "high"]].sum(axis=1)).all()
    named = published_tiers().groupby(["region", "tier"]).size().unstack(fill_value=0)
    both = top.set_index("region").join(named.add_suffix("_annex")).fillna(0)
    differ = both[(both["high"] != both["high_annex"]) | (both["medium"] != both["medium_annex"])]
    listed = published_contradictions()
    table3 = listed[listed["where"] == "Table 3, Annex A"]
    assert sorted(differ.index) == sorted(set(table3["of"]))
    assert len(differ) == 13
    card = tomllib.loads((files("observatory.stars") / "reference/panorama2020_tiers.toml").read_text("utf-8"))
    assert any(f"disagree on {len(differ)} of the 25 regions" in note for note in card["notes"])


def test_every_contradiction_has_two_figures_that_differ() -> None:
    found = published_contradictions()
    assert (found["printed"] != found["named"]).all()
    assert not found.duplicated(["where", "of", "tier"]).any()
    sentences = found[found["where"] == "Annex A: number in the sentence, regions named"]
    rows = sentences[["of", "tier", "printed", "named"]].itertuples(index=False)
    assert {(of, tier): (printed, named) for of, tier, printed, named in rows} == CONTRADICTIONS


def test_notes_and_licence_go_with_the_tables() -> None:
    for table in (published_tiers(), published_counts(), published_top_regions()):
        assert table.attrs["notes"]
        assert {"source", "publisher", "licence", "version"} <= set(table.attrs)
    assert published_tiers().attrs["nuts"] == 2013


def test_each_reference_table_has_a_card() -> None:
    folder = files("observatory.stars") / "reference"
    tables = sorted(path.name for path in folder.iterdir() if path.name.endswith(".csv"))
    assert tables == ["panorama2020_counts.csv", "panorama2020_tiers.csv", "panorama2020_top_regions.csv"]
    for name in tables:
        card = tomllib.loads((folder / name.replace(".csv", ".toml")).read_text("utf-8"))
        assert {"title", "source", "publisher", "licence", "version", "compiled", "notes"} <= set(card)


def test_tiers_of_the_published_table() -> None:
    pairs = pd.DataFrame(
        {"region": ["DE11", "ES51", "DE11"], "industry": ["Automotive", "Coal Mining", "Automotive"]},
        index=[7, 3, 5],
    )
    found = tiers_of(pairs, published_tiers())
    assert found["tier"].to_list() == ["high", "basic or none", "high"]
    assert found["total"].isna().all()
    assert found.index.to_list() == [7, 3, 5]


def test_tiers_of_a_computed_table() -> None:
    rows = [("A", "Plastics", "medium", 11), ("C", "Apparel", "none", 3)]
    stars = pd.DataFrame(rows, columns=["region", "industry", "tier", "total"])
    pairs = pd.DataFrame({"region": ["B", "A", "C", ""], "industry": ["Plastics"] * 4})
    found = tiers_of(pairs, stars)
    # C is in the table, and has no plastics; of B and of nowhere the table says nothing
    assert found["tier"].to_list() == ["not known", "medium", "none", "not known"]
    assert found["total"].astype(object).where(found["total"].notna(), None).to_list() == [None, 11, 0, None]
    assert tiers_of(pairs.iloc[:0], stars).columns.to_list() == ["region", "industry", "tier", "total"]


def test_third_countries_have_no_published_tier() -> None:
    pairs = pd.DataFrame({"region": ["US", "JP", "DE11", "LV00"], "industry": ["Automotive"] * 4})
    stored = published_tiers().assign(total=pd.Series(pd.NA, dtype="Int64"))  # as stars.parquet has it
    for table in (published_tiers(), stored):
        assert tiers_of(pairs, table)["tier"].to_list() == ["not known", "not known", "high", "basic or none"]


def test_tiers_of_the_2009_method() -> None:
    rows = [(f"R{number:02}", "Plastics", 2014, 100.0 - number) for number in range(20)]
    table = pd.DataFrame(rows, columns=["region", "industry", "year", "employment"])
    totals = table.assign(industry="total", employment=[100.0, *[2000.0] * 19])
    stars = star_scores(pd.concat([table, totals]), "industry", "observatory2009")
    found = tiers_of(stars[["region", "industry"]], stars)
    # R00: largest, all of its region's jobs, quotient far above 2; R01: second of 20 by size and by focus
    assert found["tier"].to_list() == ["three stars", "two stars", *["none"] * 18]
    counted = summary(found)
    assert counted["tier"].to_list() == ["three stars", "two stars", "one star", "none"]
    assert counted["number"].to_list() == [1, 1, 0, 18]


def test_summary_by_industry() -> None:
    counted = summary(published_tiers(), by="industry")
    assert len(counted) == 51 * 4 - 4 * len(set(published_counts()["industry"]) - set(published_tiers()["industry"]))
    apparel = counted[counted["industry"] == "Apparel"].set_index("tier")["number"]
    assert apparel.to_dict() == {"high": 1, "medium": 16, "basic": 0, "none": 0}
    pairs = pd.DataFrame({"region": ["DE11", "ES51"], "industry": ["Automotive", "Coal Mining"]})
    beside = summary(tiers_of(pairs, published_tiers()))
    assert beside["tier"].to_list() == ["high", "medium", "basic", "none", "basic or none"]
    assert beside["number"].to_list() == [1, 0, 0, 0, 1]

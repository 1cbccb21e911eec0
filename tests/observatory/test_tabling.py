"""The further tables of a run agree with its networks, with each other and with the joint table."""

from __future__ import annotations

import pandas as pd
import pytest

from observatory.stages.tabling import country_of

PERIODS = ("2000-2007", "2007-2014")
SOURCES = ("copatent", "deal", "alliance", "all")
ENDS = ["source", "target"]


def years(period: str) -> range:
    first, last = map(int, period.split("-"))
    return range(first, last + 1)


@pytest.mark.parametrize("kind", ["sector", "region"])
@pytest.mark.parametrize("of", SOURCES)
def test_years_add_up_to_periods(small_run, kind, of):
    table = small_run.table("series.parquet")
    here = table[(table["kind"] == kind) & (table["of"] == of)]
    for period in PERIODS:
        links = small_run.table(f"networks/{kind}__{of}__{period}.parquet")
        assert here.loc[here["year"].isin(years(period)), "weight"].sum() == links["weight"].sum()
    assert set(here["unit"]) == {"events"}
    strongest = small_run.table("series_links.parquet")
    rows = strongest[(strongest["kind"] == kind) & (strongest["of"] == of)]
    assert len(rows[ENDS].drop_duplicates()) == 10
    links = small_run.table(f"networks/{kind}__{of}__{PERIODS[0]}.parquet").set_index(ENDS)["events"]
    early = rows[rows["year"].isin(years(PERIODS[0]))].groupby(ENDS)["events"].sum()
    assert links.reindex(early.index).tolist() == early.tolist()


def test_sources_add_up_to_all_of_them(small_run):
    table = small_run.table("series.parquet")
    sums = table[table["of"] != "all"].groupby(["kind", "year"])[["events", "cross_sectoral", "weight"]].sum()
    every = table[table["of"] == "all"].set_index(["kind", "year"])[sums.columns]
    pd.testing.assert_frame_equal(sums.sort_index(), every.sort_index())


def test_the_study_s_own_choice_is_its_network(small_run, other_run):
    for run, own in ((small_run, "both"), (other_run, "first")):
        table = run.table("shared_year.parquet")
        assert len(table) == 2 * 4 * 2 * 4
        for row in table[table["shared_year"] == own].itertuples():
            links = run.table(f"networks/{row.kind}__{row.of}__{row.period}.parquet")
            assert (row.links, row.weight) == (len(links), links["weight"].sum())
            assert row.rank_correlation == pytest.approx(1.0)
            assert row.top == row.top_kept == min(20, len(links))
            assert row.top_moved_most == 0
    moved = small_run.table("shared_year.parquet")
    assert (moved.loc[moved["shared_year"] == "second", "top_moved_most"] > 0).any()


def test_configurations_are_the_links(small_run):
    table = small_run.table("trends/composition.parquet")
    for (of, period), here in table.groupby(["of", "period"]):
        links = small_run.table(f"networks/sector__{of}__{period}.parquet").set_index(ENDS)
        assert here.set_index(ENDS)["events"].sort_index().equals(links["events"].sort_index())
        assert here["share"].sum() == pytest.approx(1.0)
        assert here["rank"].tolist() == list(range(1, len(links) + 1))
        assert here["events"].is_monotonic_decreasing


def test_the_geography_adds_up_to_the_links(small_run):
    table = small_run.table("trends/geography.parquet")
    counts = ["within", "country", "abroad", "unknown"]
    assert (table[counts].sum(axis=1) == table["events"]).all()
    for (of, period), here in table.groupby(["of", "period"]):
        links = small_run.table(f"networks/sector__{of}__{period}.parquet").set_index(ENDS)
        assert here.set_index(ENDS)["events"].sort_index().equals(links["events"].sort_index())
    joint = small_run.table("joint.parquet")
    inside = joint[(joint["region_a"] == joint["region_b"]) & (joint["region_a"] != "")]
    for row in table[(table["top_within"] != "") & (table["of"] == "deal")].head(20).itertuples():
        here = inside[
            (inside["sector_a"] == row.source)
            & (inside["sector_b"] == row.target)
            & (inside["period"] == row.period)
            & (inside["source"] == row.of)
        ]
        assert here.set_index("region_a")["events"][row.top_within] == here["events"].max()


def test_numbers_of_sectors_add_up_to_the_events(small_run):
    table = small_run.table("trends/breadth.parquet")
    series = small_run.table("series.parquet")
    for (of, period), here in table.groupby(["of", "period"]):
        rows = series[(series["kind"] == "sector") & (series["of"] == of) & series["year"].isin(years(period))]
        assert here["events"].sum() == rows["events"].sum()
        assert here.loc[here["sectors"] > 1, "events"].sum() == rows["cross_sectoral"].sum()


def test_strength_and_trend_are_the_change_with_ranks(small_run):
    table = small_run.table("trends/strength.parquet")
    for of in SOURCES:
        change = small_run.table(f"change/sector__{of}.parquet")
        here = table[table["of"] == of]
        assert here[["n1", "n2", "class"]].values.tolist() == change[["n1", "n2", "class"]].values.tolist()
        for number in (1, 2):
            assert (here[f"rank{number}"].isna() == (here[f"n{number}"] == 0)).all()
            best = here.loc[here[f"rank{number}"] == 1, f"n{number}"]
            assert (best == here[f"n{number}"].max()).all()


def test_areas_count_the_events_of_each_node(small_run):
    table = small_run.table("trends/areas.parquet")
    joint = small_run.table("joint.parquet")
    assert set(table["kind"]) == {"sector", "region"}
    for of in SOURCES:
        here = table[(table["kind"] == "region") & (table["of"] == of)].set_index("node")
        links = small_run.table(f"networks/region__{of}__{PERIODS[0]}.parquet")
        within = small_run.table("within.parquet")
        inside = within[within["network"] == f"region__{of}__{PERIODS[0]}"].set_index("node")["events"]
        # What lies within a region counts there, once even where it has a partner elsewhere.
        for node, n1 in here["n1"].items():
            own = inside.get(node, 0)
            apart = links.loc[(links[list(ENDS)] == node).any(axis=1), "events"]
            assert max(own, apart.max() if len(apart) else 0) <= n1 <= own + apart.sum()
        assert (here["share1"] <= 1).all() and (here["share2"] <= 1).all()
    for of in SOURCES:
        here = table[(table["kind"] == "sector") & (table["of"] == of)].set_index("node")
        links = small_run.table(f"networks/sector__{of}__{PERIODS[0]}.parquet")
        # Every event of the small study joins two sectors: a sector's events are those of its links.
        ends = pd.concat([links.set_index(end)["events"] for end in ENDS]).groupby(level=0).sum()
        assert here.loc[here["n1"] > 0, "n1"].sort_index().tolist() == ends.sort_index().tolist()
        assert here["label"].notna().all()
    assert len(joint)


def test_every_event_has_a_code_at_the_study_s_level(small_run):
    table = small_run.table("levels.parquet")
    here = table[table["level"] == "naics3"]
    assert here["of"].tolist() == ["copatent", "deal", "alliance"]
    assert (here["share"] == 1.0).all()
    assert (table["coded"] + table["without"] == table["events"]).all()
    assert (table.loc[table["level"] == "emerging", "without"] > 0).all()  # farming, printing and the like are in none


def test_sources_are_set_against_each_other(small_run):
    table = small_run.table("source_agreement.parquet")
    assert len(table) == 2 * 2 * 3
    rows = {frozenset((r["a"], r["b"])): r["ami"] for r in small_run.json("spaces.json")["agreement"]}
    for row in table.itertuples():
        names = frozenset(f"{row.kind}__{source}__{row.period}" for source in (row.a, row.b))
        assert rows[names] is None or row.ami == pytest.approx(rows[names])
        assert row.top_shared <= row.top <= min(row.links_a, row.links_b, 20)
        assert row.rank_correlation is None or -1 <= row.rank_correlation <= 1


def test_focal_industries_meet_others(small_run):
    partners, regions = (small_run.table(f"focal/{name}.parquet") for name in ("partners", "regions"))
    assert set(partners["role"]) == set(regions["role"]) == {"acquires", "is acquired", "joins"}
    deals = partners[partners["of"] == "deal"]
    assert set(deals["role"]) == {"acquires", "is acquired"}
    assert not partners.duplicated(["period", "of", "role", "focal", "other"]).any()
    assert partners["share"].between(0, 1).all() and regions["share"].between(0, 1).all()


def test_groups_of_regions_have_the_country_of_their_members(other_run):
    assert country_of("Alps", {"Alps": ["DE2", "AT1"]}) == "Alps"
    geography = other_run.table("trends/geography.parquet")
    assert geography["top_between"].str.contains("Alps").any()

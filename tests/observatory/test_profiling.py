"""The stage that sets linkages beside stars and profiles regions: its tables against others of the same run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from ingest.engine import collect
from linkages.periods import Period
from observatory import region_profile
from observatory.stages import counting, profiling
from observatory.stages.counting import Counts
from observatory.stars import tiers_of
from observatory.store import Run
from observatory.study import open_study
from observatory.why import records_of

PERIODS = ("2000-2007", "2007-2014")


@pytest.fixture(scope="module")
def counts(small_run: Run, small_study: Path) -> Counts:
    return counting.count_records(records_of(small_run), open_study(small_study).settings)


@pytest.mark.parametrize("period", PERIODS)
def test_pairs_of_regions_are_the_links_of_the_network_of_regions(small_run: Run, counts: Counts, period: str) -> None:
    first, last = period.split("-")
    ours = profiling.region_links(counts, Period(int(first), int(last)))
    links = small_run.table(f"networks/region__all__{period}.parquet")[["source", "target", "events"]]
    assert len(ours) > 5
    assert ours.to_numpy().tolist() == links.sort_values(["source", "target"]).to_numpy().tolist()


def test_the_order_of_records_changes_nothing(small_run: Run, counts: Counts, small_study: Path) -> None:
    stars = small_run.table("stars.parquet")
    one = profiling.profiles(counts, small_run.spaces, stars, {"method": "panorama"})
    records = counts.records
    turned = {
        name: records.engine.table(collect(getattr(records, name)).iloc[::-1])
        for name in ("events", "participants", "facets")
    }
    other = counting.count_records(replace(records, **turned), open_study(small_study).settings)
    two = profiling.profiles(other, small_run.spaces[::-1], stars.iloc[::-1], {"method": "panorama"})
    assert one.about == two.about
    for name in profiling.TABLES:
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name])
        written = small_run.table(f"{name}.parquet")
        assert len(written) == len(one.tables[name])
        assert list(written.columns) == list(one.tables[name].columns)
    linkages = [collect(each.linkages.sort(*profiling.LINKAGES)) for each in (one, two)]
    pd.testing.assert_frame_equal(*linkages)
    pd.testing.assert_frame_equal(linkages[0], small_run.table("stars/linkages.parquet"), check_dtype=False)


def test_each_end_bears_the_stars_of_the_star_table(small_run: Run) -> None:
    linkages, stars = small_run.table("stars/linkages.parquet"), small_run.table("stars.parquet")
    for end in ("a", "b"):
        pairs = linkages[[f"region_{end}", f"industry_{end}"]].set_axis(["region", "industry"], axis=1)
        rated = tiers_of(pairs, stars)
        assert (rated["tier"] == linkages[f"tier_{end}"]).all()
        known = rated["total"].notna()
        assert (rated.loc[known, "total"] == linkages.loc[known, f"stars_{end}"]).all()
        assert linkages.loc[~known, f"stars_{end}"].isna().all()
    assert not linkages.duplicated(["period", "space", "industry_a", "region_a", "industry_b", "region_b"]).any()
    assert (linkages["industry_a"] < linkages["industry_b"]).all()
    assert (linkages["events"] > 0).all()


def test_published_tiers_in_a_run(other_run: Run) -> None:
    about = other_run.json("profiles/about.json")
    assert about["published"]
    table = other_run.table("stars/quadrants.parquet")
    assert set(table["tier"]) <= {"high", "medium", "basic or none", "not known"}
    assert table["stars"].isna().all()
    assert set(table.loc[table["tier"] == "not known", "region"]) <= {"", "US"}
    strong = table[table["strong"]]
    assert set(strong["tier"]) == {"high", "medium"}
    profile = region_profile(other_run, "DE11")  # Stuttgart is strong by the print, and nowhere in the events
    assert profile.industries["strong"].all()
    assert (profile.industries["linkage"] == 0).all()
    assert profile.linked.empty
    assert any("printed as counts only" in note for note in profile.notes)


def test_a_study_without_spaces_has_empty_tables(counts: Counts, small_run: Run) -> None:
    done = profiling.profiles(counts, [], small_run.table("stars.parquet"), {"method": "panorama"})
    assert list(done.tables) == list(profiling.TABLES)
    assert all(done.tables[name].empty for name in profiling.TABLES if name != "profiles/alike")
    assert set(done.about["limits"].values()) == {0.0}
    assert collect(done.linkages).empty
    assert set(profiling.LINKAGES) <= set(done.linkages.collect_schema().names())
    for name, keys in profiling.TABLES.items():
        assert set(keys) <= set(done.tables[name].columns), name

import pandas as pd

from observatory.lineage import groups
from observatory.report.hot_spots import best_tiers, hottest


def test_the_best_tier_of_a_region_counts_with_its_industries():
    stars = pd.DataFrame(
        [
            ("DE21", "a", "medium"), ("DE21", "b", "high"), ("DE21", "c", "three stars"), ("FR10", "a", "one star"),
            ("FR10", "b", "none"), ("AT13", "a", "none"), ("AT13", "b", None),
        ],
        columns=["region", "industry", "tier"],
    )  # fmt: skip
    assert best_tiers(stars).values.tolist() == [["DE21", "high", 2], ["FR10", "basic", 1]]
    assert best_tiers(stars.iloc[::-1]).equals(best_tiers(stars))


def test_a_region_is_as_hot_as_its_hottest_industry_each_counted_once():
    both, strong = "Linked and a strong cluster", "Strong cluster, few linkages"
    linked = "Linked, not yet a strong cluster"
    quadrants = pd.DataFrame(
        [
            ("DE21", "a", both), ("DE21", "a", both), ("DE21", "b", linked), ("FR10", "a", linked),
            ("FR10", "b", strong), ("AT13", "a", "Neither"), ("", "a", both), ("US", "a", "Linked, tier not known"),
        ],
        columns=["region", "industry", "quadrant"],
    )  # fmt: skip
    assert hottest(quadrants).values.tolist() == [["DE21", both, 1], ["FR10", strong, 1]]


def test_groups_of_regions_keep_their_number_where_most_of_their_regions_stay():
    now = {"A": 0, "B": 0, "C": 0, "D": 1, "E": 1, "F": -1}
    before = {"A": 1, "B": 1, "D": 0, "E": 0, "C": 0, "G": 2}
    deals = {"D": 0, "E": 0, "X": 1}
    found = groups(
        {"region__all__1": before, "region__all__2": now, "region__deal__2": deals}, ["1", "2"], ["deal", "alliance"]
    )
    assert found["region__all__2", 0] == 0 and found["region__all__2", 1] == 1
    assert found["region__all__1", 1] == 0 and found["region__all__1", 0] == 1
    assert found["region__deal__2", 0] == 1
    # What is like nothing has a number of its own.
    assert len({found["region__all__1", 2], found["region__deal__2", 1], 0, 1}) == 4
    assert not any(community < 0 for _, community in found)

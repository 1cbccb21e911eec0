"""Strong or weak, linked or isolated."""

import pandas as pd
import pytest

from observatory.stars import published_tiers
from observatory.stars.quadrants import linked_limit, quadrants, stated, strong_tiers

STANDINGS = pd.DataFrame(
    [
        ("s1", "Automotive", "AT31", 1),
        ("s1", "Automotive", "BE10", 2),
        ("s1", "Automotive", "US", 9),
        ("s1", "Plastics", "AT31", 4),
        ("s2", "Plastics", "CZ01", 6),
        ("s2", "Plastics", "", 50),
    ],
    columns=["space", "industry", "region", "events"],
)
STARS = pd.DataFrame(
    [
        ("AT31", "Automotive", "high", 14),
        ("BE10", "Automotive", "basic", 8),
        ("AT31", "Plastics", "none", 2),
        ("CZ01", "Plastics", "medium", 10),
        ("CZ01", "Automotive", "medium", 11),
        ("DK01", "Apparel", "high", 15),
    ],
    columns=["region", "industry", "tier", "total"],
)


def words(**options: object) -> dict[tuple[str, str, str], str]:
    table, _ = quadrants(STANDINGS, STARS, **options)  # type: ignore[arg-type]
    return {(row.space, row.industry, row.region): row.quadrant for row in table.itertuples()}  # type: ignore[misc]


def test_by_hand() -> None:
    table, limit = quadrants(STANDINGS, STARS)
    assert limit == 4.0  # the median of 1, 2, 4, 6 and 9: what is nowhere does not count
    assert words() == {
        ("s1", "Automotive", "AT31"): "Strong cluster, few linkages",
        ("s1", "Automotive", "BE10"): "Neither",
        # a strong cluster without any event, of an industry that the space holds
        ("s1", "Automotive", "CZ01"): "Strong cluster, few linkages",
        ("s1", "Automotive", "US"): "Linked, tier not known",
        ("s1", "Plastics", "AT31"): "Neither",
        ("s1", "Plastics", "CZ01"): "Strong cluster, few linkages",
        ("s2", "Plastics", "CZ01"): "Linked and a strong cluster",
        ("s2", "Plastics", ""): "Linked, tier not known",
    }
    assert table["linkage"].sum() == STANDINGS["events"].sum()
    assert table["stars"].fillna(-1).to_list() == [14, 8, 11, -1, 2, 10, -1, 10]


def test_thresholds_are_options() -> None:
    assert words(least="high")["s2", "Plastics", "CZ01"] == "Linked, not yet a strong cluster"
    assert words(least="basic")["s1", "Automotive", "BE10"] == "Strong cluster, few linkages"
    assert words(share=0.0)["s1", "Automotive", "BE10"] == "Linked, not yet a strong cluster"
    assert linked_limit(STANDINGS["events"], 1.0) == 50.0
    with pytest.raises(ValueError, match="least tier of a strong cluster is one of high, medium, basic; got 'none'"):
        strong_tiers(STARS["tier"], "none")


def test_published_tiers_say_that_basic_is_not_named() -> None:
    standings = pd.DataFrame(
        [("s", "Automotive", "DE11", 5), ("s", "Automotive", "ES43", 5), ("s", "Automotive", "BR", 5)],
        columns=["space", "industry", "region", "events"],
    )
    table, _ = quadrants(standings, published_tiers(), share=0.0)
    rows = table[table["linkage"] > 0].set_index("region")
    assert rows["tier"].to_dict() == {"BR": "not known", "DE11": "high", "ES43": "basic or none"}
    assert rows["strong"].to_dict() == {"ES43": False, "BR": False, "DE11": True}
    assert table["stars"].isna().all()
    assert "'basic or none' is not strong" in stated(1, published=True)[-1]
    assert "escape" in stated(1, "basic", published=True)[-1]


def test_what_is_stated() -> None:
    assert stated(3.5, "high", 0.75) == [
        "Strong: a tier of high.",
        "Linked: more than 3.5 events, the quantile 0.75 of the pairs that have any.",
    ]


def test_no_linkages_at_all() -> None:
    table, limit = quadrants(STANDINGS.iloc[:0], STARS)
    assert table.empty
    assert limit == 0.0
    assert {"linkage", "tier", "stars", "linked", "strong", "quadrant"} <= set(table.columns)


def test_the_order_of_rows_changes_nothing() -> None:
    one, _ = quadrants(STANDINGS, STARS)
    two, _ = quadrants(STANDINGS.iloc[::-1], STARS.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(one, two)


def test_stars_of_the_2009_method() -> None:
    stars = STARS.assign(total=[3, 1, 0, 2, 2, 3]).drop(columns="tier")
    table, _ = quadrants(STANDINGS, stars)
    rows = table[table["region"] != ""].set_index(["space", "industry", "region"])
    assert rows.loc[("s2", "Plastics", "CZ01"), ["tier", "stars", "quadrant"]].to_list() == [
        "two stars",
        2,
        "Linked and a strong cluster",
    ]
    assert rows.loc[("s1", "Automotive", "BE10"), "quadrant"] == "Neither"  # one star stands for basic

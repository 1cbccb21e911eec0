"""Concentration of cross-sectoral events, worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from ingest.records import Records
from linkages import counting
from linkages.concentration import concentration, events_by_region
from linkages.items import facet_items, participant_items
from linkages.periods import Period, year_weights


def deal(name: str, acquirer: tuple[str, str], target: tuple[str, str]) -> tuple:  # type: ignore[type-arg]
    facets = [("acquirer", acquirer[0]), ("target", target[0])]
    return (name, "deal", 2003, facets, [("acquirer", acquirer[1]), ("target", target[1])])


@pytest.fixture
def rated(make_records: Callable[..., Records]) -> pd.DataFrame:
    records = make_records(
        [
            deal("1", ("325412", "DE21"), ("334111", "DE21")),  # across sectors, twice in DE21
            deal("2", ("325412", "DE21"), ("325411", "FR10")),  # within 325
            deal("3", ("336111", "FR10"), ("334111", "US")),  # across sectors
        ]
    )
    pairs = counting.sector_pairs(records, "naics3")
    counted = events_by_region(
        participant_items(records, "nuts2"), counting.cross_sectoral(pairs), facet_items(records, "emerging")
    )
    return concentration(counted, year_weights(Period(2000, 2007)), "deal")


def cells(table: pd.DataFrame, side: str, focal: str = "") -> dict[str, tuple[int, int, float, float, int]]:
    rows = table[(table["side"] == side) & (table["focal"] == focal)]
    columns = ["events", "cross_sectoral", "share", "quotient", "rank"]
    return {r: tuple(values) for r, values in zip(rows["region"], rows[columns].itertuples(index=False), strict=True)}


def test_each_side_counts_its_own_regions(rated: pd.DataFrame) -> None:
    assert cells(rated, "acquirer") == {
        "DE21": (2, 1, 0.5, pytest.approx(0.75), 1),
        "FR10": (1, 1, 1.0, pytest.approx(1.5), 1),
    }
    assert cells(rated, "target")["FR10"][:3] == (1, 0, 0.0)


def test_an_event_counts_once_in_a_region(rated: pd.DataFrame) -> None:
    # In Europe 2 + 2 events of a region, 1 + 1 across sectors: the share of all is one half.
    found = cells(rated, "either")
    assert found["DE21"] == (2, 1, 0.5, 1.0, 1)
    assert found["FR10"] == (2, 1, 0.5, 1.0, 1)
    assert found["US"] == (1, 1, 1.0, 2.0, 1)


def test_the_focal_industry_counts_only_its_events(rated: pd.DataFrame) -> None:
    assert cells(rated, "acquirer", "Biopharmaceuticals") == {"DE21": (2, 1, 0.5, 1.0, 1)}


def test_a_period_is_the_sum_of_its_years_and_kinds(make_records: Callable[..., Records]) -> None:
    def event(number: int, kind: str, year: int) -> tuple:  # type: ignore[type-arg]
        roles = ("acquirer", "target") if kind == "deal" else (None, None)
        codes = ("325412", "334111") if number % 3 else ("325412", "325411")
        places = ("DE21", "FR10") if number % 2 else ("DE21", "DE21")
        return (
            str(number),
            kind,
            year,
            list(zip(roles, codes, strict=True)),
            list(zip(roles, places, strict=True)),
        )

    events = [event(n, ("deal", "alliance")[n % 5 == 0], 2000 + n % 9) for n in range(40)]
    records = make_records(events)
    pairs = counting.sector_pairs(records, "naics3")
    counted = events_by_region(
        participant_items(records, "nuts2"), counting.cross_sectoral(pairs), facet_items(records, "emerging")
    )
    for source in ("deal", "alliance", "all"):
        for first, last in ((2000, 2007), (2003, 2004), (2008, 2008)):
            found = cells(concentration(counted, year_weights(Period(first, last)), source), "either")
            chosen = [one for one in events if first <= one[2] <= last and source in (one[1], "all")]
            for region in ("DE21", "FR10"):
                there = [one for one in chosen if region in {place for _, place in one[4]}]
                crossing = [one for one in there if one[3][1][1] == "334111"]
                assert found.get(region, (0, 0))[:2] == (len(there), len(crossing))
    with pytest.raises(ValueError, match="gossip"):
        concentration(counted, {2003: 1.0}, "gossip")


def test_a_group_is_european_by_its_members_and_not_by_the_length_of_its_name() -> None:
    """Two letters make no country of a group, and a group of countries outside NUTS is no European region."""
    counted = pd.DataFrame(
        {
            "kind": "deal",
            "year": 2003,
            "side": "either",
            "region": ["BX", "FR10", "Overseas"],
            "focal": "",
            "events": [4, 4, 8],
            "cross_sectoral": [1, 3, 8],
        }
    )
    groups = {"BX": ["DE21", "AT13"], "Overseas": ["US", "CN"]}
    found = concentration(counted, {2003: 1.0}, "all", groups).set_index("region")["quotient"]
    # In Europe 4 of 8 events cross sectors.
    assert found.to_dict() == {"BX": 0.5, "FR10": 1.5, "Overseas": 2.0}

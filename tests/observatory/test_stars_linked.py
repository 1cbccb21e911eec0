"""Linkages with their places: by hand, against loops over the events, and whatever the order of rows."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from ingest.engine import collect
from ingest.levels import all_sectors, sectors_at
from ingest.records import Records
from linkages import counting
from observatory.stars import linked

YEARS = dict.fromkeys(range(2000, 2015), 1.0)
#: Drugs and chemicals in one space, computers and cars in another.
SPACES = pd.DataFrame({"sector": ["325", "541", "334", "336"], "space": ["life", "life", "tech", "tech"]})
KINDS = ("copatent", "deal", "alliance")
DRUGS, IT, CARS = "Biopharmaceuticals", "Information Technology and Analytical Instruments", "Automotive"

Make = Callable[..., Records]


def cells(table: pd.DataFrame, *keys: str) -> dict[tuple[Any, ...], int]:
    return {tuple(row[:-1]): int(row[-1]) for row in table[[*keys, "events"]].itertuples(index=False)}


def ends_of(records: Records, spaces: pd.DataFrame = SPACES, **options: Any) -> Any:
    return linked.linked_ends(records, spaces, YEARS, **options)


def linkage_table(ends: Any) -> pd.DataFrame:
    return collect(linked.linkages(ends).sort("space", *linked.ENDS))


def by_hand(make_records: Make) -> Records:
    cars, computer, law = "336111", "334111", "541110"
    there, back = [("acquirer", "DE11"), ("target", "FR10")], [("acquirer", "FR10"), ("target", "DE11")]
    two = [("inventor", "DE11"), ("inventor", "IT")]
    return make_records(
        [
            # the buyer makes cars in DE11, what it buys makes computers in FR10: one cell, not four
            (
                "d1",
                "deal",
                2003,
                [("acquirer", cars), ("target", computer)],
                there,
            ),
            # the same the other way round
            (
                "d2",
                "deal",
                2004,
                [("acquirer", computer), ("target", cars)],
                back,
            ),
            # classes of a patent stand in both regions of its inventors
            (
                "p1",
                "copatent",
                2005,
                [("class", cars), ("class", computer)],
                two,
            ),
            # between two spaces: nothing
            (
                "d3",
                "deal",
                2003,
                [("acquirer", cars), ("target", "325412")],
                there,
            ),
            # one sector: nothing
            (
                "d4",
                "deal",
                2003,
                [("acquirer", cars), ("target", "336112")],
                there,
            ),
            # before the period: nothing
            (
                "d5",
                "deal",
                1999,
                [("acquirer", cars), ("target", computer)],
                there,
            ),
            # a law office has no exporting industry of its own level here, the drugs have; nowhere known
            ("a1", "alliance", 2010, [("partner", "325412"), ("partner", law)], []),
        ]
    )


def test_the_cells_of_a_few_events(make_records: Make) -> None:
    table = linkage_table(ends_of(by_hand(make_records)))
    found = cells(table, "space", "industry_a", "region_a", "industry_b", "region_b")
    tech = ("tech", CARS)
    assert {key: events for key, events in found.items() if key[0] == "tech"} == {
        (*tech, "DE11", IT, "FR10"): 2,
        (*tech, "DE11", IT, "IT"): 1,
        (*tech, "IT", IT, "DE11"): 1,
    }
    assert table.equals(table.sort_values(list(table.columns[:-1]), ignore_index=True))


def test_reach_standing_and_pairs_of_a_few_events(make_records: Make) -> None:
    ends = ends_of(by_hand(make_records))
    reach = cells(linked.reach_table(ends).query("space == 'tech'"), "industry", "region", "other")
    assert reach == {(CARS, "DE11", IT): 3, (CARS, "IT", IT): 1, (IT, "FR10", CARS): 2, (IT, "DE11", CARS): 1,
                     (IT, "IT", CARS): 1}  # fmt: skip
    standing = cells(linked.standing_table(ends), "space", "industry", "region")
    assert standing[("tech", CARS, "DE11")] == 3
    assert standing[("life", DRUGS, "")] == 1  # the partner of a law office, nowhere
    pairs = linked.pair_table(ends, pd.Series(["DE11", "FR10"]))
    assert cells(pairs.query("space == 'tech'"), "source", "target") == {(CARS, IT): 3}
    assert linked.pair_table(ends, pd.Series(["AT13"])).empty


def test_a_facet_that_is_nobodys_stands_in_every_pair_of_regions(make_records: Make) -> None:
    events = [("a1", "alliance", 2010, [("partner", "336111"), ("partner", "334111")],
               [("partner", "DE11"), ("partner", "FR10")])]  # fmt: skip
    records = make_records(events)
    facets = records.facets.with_columns(participant=nw.when(nw.col("facet") == "0").then(nw.col("participant")))
    table = linkage_table(ends_of(replace(records, facets=facets)))
    assert cells(table, "region_a", "region_b") == {("DE11", "FR10"): 1, ("FR10", "DE11"): 1}


def test_the_same_name_on_both_sides_of_a_deal(make_records: Make) -> None:
    events = [("d1", "deal", 2010, [("acquirer", "336111"), ("target", "334111")],
               [("acquirer", "DE11"), ("target", "FR10")])]  # fmt: skip
    records = make_records(events)
    one = {"participant": nw.lit("Acme")}
    same = replace(
        records, facets=records.facets.with_columns(**one), participants=records.participants.with_columns(**one)
    )
    assert cells(linkage_table(ends_of(same)), "region_a", "region_b") == {("DE11", "FR10"): 1}


def test_the_same_name_on_both_sides_keeps_the_class_of_its_side(make_records: Make) -> None:
    # Acme the buyer is of the class Cars, as is Other, which it buys: no link. Acme the bought is not: one.
    who = pd.DataFrame({"participant": ["Acme", "Acme", "Other"], "role": ["acquirer", "target", "target"]})
    who = who.assign(event="d1", share=1.0)
    records = make_records([("d1", "deal", 2010, [("acquirer", "336111"), ("target", "334111")], [])])
    at = who.assign(region=["DE11", "FR10", "US"], nuts3=None)
    codes = who.assign(facet=["a", "b", "c"], naics=["336111", "334111", "311111"])
    classes = who.assign(level="mid", **{"class": ["Cars", "Computers", "Cars"]})
    records = replace(
        records, participants=records.engine.table(at), facets=records.engine.table(codes),
        classes=records.engine.table(classes),
    )  # fmt: skip
    spaces = pd.DataFrame({"sector": ["Cars", "Computers"], "space": "tech"})
    table = linkage_table(ends_of(records, spaces, sector_level="mid"))
    assert table.to_dict("records") == [
        {"space": "tech", "industry_a": CARS, "region_a": "DE11", "industry_b": IT, "region_b": "FR10", "events": 1}
    ]


def test_a_partner_without_a_region_stands_under_none(make_records: Make) -> None:
    events = [("a1", "alliance", 2010, [("partner", "336111"), ("partner", "334111")], [("partner", "DE11")])]
    table = linkage_table(ends_of(make_records(events)))
    assert table.to_dict("records") == [
        {"space": "tech", "industry_a": CARS, "region_a": "DE11", "industry_b": IT, "region_b": "", "events": 1}
    ]


def random_records(
    make_records: Make, seed: int, number: int = 400, kinds: tuple[str, ...] = KINDS
) -> tuple[Records, list[Any]]:
    dice = random.Random(seed)
    codes = ("325412", "325411", "541714", "541713", "334111", "334413", "336111", "336411", "311111", "541110")
    regions = ("DE11", "DE21", "FR10", "ITC4", "US", "JP")
    events = []
    for name in range(number):
        kind = dice.choice(kinds)
        many = 2 if kind == "deal" else dice.randint(1, 4)
        roles = ("acquirer", "target") if kind == "deal" else ("class",) * many
        roles = ("partner",) * many if kind == "alliance" else roles
        facets = [(role, dice.choice(codes)) for role in roles]
        people = facets if kind != "copatent" else [("inventor", "")] * dice.randint(0, 3)
        places = [("inventor" if kind == "copatent" else role, dice.choice(regions)) for role, _ in people]
        events.append((f"e{name:03}", kind, dice.randint(1998, 2016), facets, places))
    return make_records(events), events


def inventors(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if len(places) < 2:
        return [(place, place) for _, place in places] or [("", "")]
    return [(one[1], two[1]) for one, two in itertools.permutations(places, 2)]


def looped(events: list[Any]) -> tuple[Counter[Any], Counter[Any], dict[Any, set[str]]]:
    """Count by plain loops: cells of linkages, standings, and the events of each pair of industries."""
    space = dict(zip(SPACES["sector"], SPACES["space"], strict=True))
    names = {row.naics: row.sector for row in sectors_at(
        {code for event in events for _, code in event[3]}, "industry").itertuples()}  # fmt: skip
    linkages, standings = Counter(), Counter()
    joined = defaultdict(set)
    for event, kind, year, facets, places in events:
        if year not in YEARS:
            continue
        found, ends = set(), set()
        for (i, (role_a, a)), (j, (role_b, b)) in itertools.permutations(enumerate(facets), 2):
            if a[:3] == b[:3] or space.get(a[:3], 1) != space.get(b[:3], 2) or (kind == "deal" and role_a == role_b):
                continue
            where = [(places[i][1], places[j][1])] if kind != "copatent" else inventors(places)
            for r, s in where:
                if a in names:
                    ends.add((space[a[:3]], names[a], r))
                if a in names and b in names and names[a] < names[b]:
                    found.add((space[a[:3]], names[a], r, names[b], s))
        linkages.update(found)
        standings.update(ends)
        for cell in found:
            joined[cell[0], cell[1], cell[3]].add(event)
    return linkages, standings, joined


@pytest.mark.parametrize("seed", range(4))
def test_every_event_is_in_exactly_its_cells(make_records: Make, seed: int) -> None:
    records, events = random_records(make_records, seed)
    ends = ends_of(records)
    linkages, standings, joined = looped(events)
    assert len(linkages) > 50
    assert cells(linkage_table(ends), "space", "industry_a", "region_a", "industry_b", "region_b") == linkages
    assert cells(linked.standing_table(ends), "space", "industry", "region") == standings
    everywhere = pd.Series(["DE11", "DE21", "FR10", "ITC4", "US", "JP", ""])
    pairs = linked.pair_table(ends, everywhere)
    assert cells(pairs, "space", "source", "target") == {key: len(names) for key, names in joined.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_against_the_joint_table(make_records: Make, kind: str) -> None:
    """With one space of all industries, the cells are those of the joint table at the level of industries."""
    records, _ = random_records(make_records, 9, kinds=(kind,))
    spaces = pd.DataFrame({"sector": all_sectors("industry")["sector"], "space": "all"})
    table = linkage_table(ends_of(records, spaces, sector_level="industry"))
    table = table.rename(columns={"industry_a": "sector_a", "industry_b": "sector_b"})
    ours = table.assign(
        region_a=table[["region_a", "region_b"]].min(axis=1), region_b=table[["region_a", "region_b"]].max(axis=1)
    )
    keys = ["sector_a", "sector_b", "region_a", "region_b"]
    both = joint_of(records).set_index(keys).join(ours.groupby(keys)["events"].agg(["sum", "max"]), how="outer")
    home = both.index.get_level_values("region_a") == both.index.get_level_values("region_b")
    assert home.sum() > 5
    assert (~home).sum() > 10
    assert both["events"].notna().all()
    if kind == "copatent":  # each event is in both cells that turn its regions round
        assert (both["max"] == both["events"]).all()
        assert (both.loc[~home, "sum"] == 2 * both.loc[~home, "events"]).all()
    elif kind == "deal":  # each event is in one of the two
        assert (both["sum"] == both["events"]).all()
    else:  # a third partner's region is in the joint table, and in no cell of the other two
        assert (both["max"].fillna(0) <= both["events"]).all()
        assert both["max"].isna().any()


def joint_of(records: Records) -> pd.DataFrame:
    engine = records.engine
    pairs = counting.sector_pairs(records, "industry")
    regions = counting.region_pairs(records, "nuts2", counting.cross_sectoral(pairs))
    dated = [counting.in_period(frame, engine, YEARS) for frame in (pairs, regions)]
    return collect(counting.joint(*dated)).drop(columns="source")


def test_the_order_of_rows_changes_nothing(make_records: Make) -> None:
    _, events = random_records(make_records, 3)
    shuffled = random.Random(1).sample(events, len(events))
    one, two = ends_of(make_records(events)), ends_of(make_records(shuffled), SPACES.iloc[::-1])
    for table in (linkage_table, linked.reach_table, linked.standing_table):
        pd.testing.assert_frame_equal(table(one), table(two))

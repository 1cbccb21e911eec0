"""Who acquires a focal industry and whom it acquires, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from ingest.engine import collect
from ingest.records import Records
from linkages.focal import encounters, partner_years, partners_of, region_years, regions_of
from linkages.items import facet_items, participant_items

#: A drug maker belongs to an emerging industry; bakeries and schools to none.
DRUGS, BREAD, SCHOOL = "325412", "311811", "611110"


def deal(name: str, acquirer: tuple[str, str], target: tuple[str, str]) -> tuple:  # type: ignore[type-arg]
    facets = [("acquirer", acquirer[0]), ("target", target[0])]
    return (name, "deal", 2003, facets, [("acquirer", acquirer[1]), ("target", target[1])])


@pytest.fixture(scope="module")
def records(make_records: Callable[..., Records]) -> Records:
    return make_records(
        [
            deal("1", (DRUGS, "DE21"), (BREAD, "FR10")),
            deal("2", (DRUGS, "DE21"), (SCHOOL, "DE21")),
            deal("3", (BREAD, "ITC4"), (DRUGS, "DE21")),
            deal("4", (DRUGS, "DE21"), (DRUGS, "FR10")),  # within the core: no encounter
            deal("5", (BREAD, "DE21"), (SCHOOL, "FR10")),  # without the core
            ("p1", "copatent", 2003, [("class", DRUGS), ("class", "325411"), ("class", BREAD)],
             [("inventor", "DE21"), ("inventor", "ITC4")]),
            ("p2", "copatent", 2003, [("class", BREAD)], [("inventor", "DE21")]),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def met(records: Records):  # type: ignore[no-untyped-def]
    focal = facet_items(records, "emerging")
    return encounters(focal, facet_items(records, "naics3"), records.engine)


def rows(table: pd.DataFrame, role: str, key: str) -> dict[str, int]:
    chosen = table[(table["role"] == role) & (table["focal"] == "Biopharmaceuticals")]
    return dict(zip(chosen[key], chosen["events"], strict=True))


def test_the_core_acquires_and_is_acquired(met) -> None:  # type: ignore[no-untyped-def]
    table = partners_of(*partner_years(met))
    assert rows(table, "acquires", "other") == {"311": 1, "611": 1}
    assert rows(table, "is acquired", "other") == {"311": 1}
    assert rows(table, "joins", "other") == {"311": 1}
    chosen = table[(table["role"] == "acquires") & (table["focal"] == "Biopharmaceuticals")]
    assert chosen["share"].tolist() == [0.5, 0.5]
    assert chosen["rank"].tolist() == [1, 1]


def test_facets_of_one_core_do_not_meet(met) -> None:  # type: ignore[no-untyped-def]
    assert sorted(set(collect(met.select("event"))["event"])) == ["1", "2", "3", "p1"]


def test_a_quotient_above_one_is_more_than_others_have(make_records: Callable[..., Records]) -> None:
    records = make_records(
        [
            *(deal(f"a{n}", (DRUGS, "DE21"), (BREAD, "DE21")) for n in range(3)),
            deal("b", (DRUGS, "DE21"), (SCHOOL, "DE21")),
            *(deal(f"c{n}", ("512110", "DE21"), (SCHOOL, "DE21")) for n in range(4)),  # films: creative industries
        ]
    )
    focal = facet_items(records, "emerging")
    table = partners_of(*partner_years(encounters(focal, facet_items(records, "naics3"), records.engine)))
    focals = set(table["focal"])
    assert "Biopharmaceuticals" in focals and len(focals) > 1
    quotient = table[(table["role"] == "acquires")].set_index(["focal", "other"])["quotient"]
    everything = table[table["role"] == "acquires"].groupby("other")["events"].sum()
    assert quotient[("Biopharmaceuticals", "311")] == pytest.approx(0.75 / (everything["311"] / everything.sum()))
    assert quotient[("Biopharmaceuticals", "611")] < 1 < quotient[("Biopharmaceuticals", "311")]


def test_regions_are_those_of_the_core_s_side(records: Records, met) -> None:  # type: ignore[no-untyped-def]
    table = regions_of(*region_years(met, participant_items(records, "nuts2"), records.engine))
    assert rows(table, "acquires", "region") == {"DE21": 2}
    assert rows(table, "is acquired", "region") == {"DE21": 1}
    assert rows(table, "joins", "region") == {"DE21": 1, "ITC4": 1}
    one = table[(table["role"] == "acquires") & (table["focal"] == "Biopharmaceuticals")].iloc[0]
    # DE21 acquires in deals 1, 2, 4 and 5, two of them across; in Europe 2 of 5 deals.
    assert (one["share"], one["quotient"], one["rank"]) == (0.5, pytest.approx(0.5 / 0.4), 1)
    joins = table[(table["role"] == "joins") & (table["focal"] == "Biopharmaceuticals")].set_index("region")
    # Two patents in DE21, one in ITC4: 2 of 3 region-patents join.
    assert joins["share"].to_dict() == {"DE21": 0.5, "ITC4": 1.0}
    assert joins["quotient"].to_dict() == {"DE21": pytest.approx(0.75), "ITC4": pytest.approx(1.5)}


def test_nothing_focal_gives_empty_tables(make_records: Callable[..., Records]) -> None:
    records = make_records([deal("5", (BREAD, "DE21"), (SCHOOL, "FR10"))])
    none = facet_items(records, "emerging")
    met = encounters(none, facet_items(records, "naics3"), records.engine)
    assert partners_of(*partner_years(met)).empty
    assert regions_of(*region_years(met, participant_items(records, "nuts2"), records.engine)).empty

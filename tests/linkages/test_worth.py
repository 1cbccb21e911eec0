"""Links weighed by deal value, worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from ingest.engine import collect
from ingest.records import Records
from linkages import Network, Period, build_network
from linkages.counting import sector_pairs
from linkages.series import series
from linkages.worth import carried, unit_of, worth
from linkages.yearly import count_years, segments

DEALS = [
    ("d1", "deal", 2003, [("acquirer", "325411"), ("target", "334111")], [("acquirer", "DE21"), ("target", "FR10")]),
    ("d2", "deal", 2004, [("acquirer", "334111"), ("target", "325411")], [("acquirer", "DE21"), ("target", "FR10")]),
    ("d3", "deal", 2004, [("acquirer", "334111"), ("acquirer", "336111"), ("target", "325411")], []),
    ("d4", "deal", 2005, [("acquirer", "325411"), ("target", "334111")], []),
    ("d5", "deal", 2005, [("acquirer", "325411"), ("target", "334111")], []),
    ("p1", "copatent", 2005, [("class", "325411"), ("class", "334111")], []),
]
SPAN = Period(2000, 2007)
VALUES = {"d1": (12.5, "USD mn"), "d2": (500.0, "USD th"), "d3": (7.0, "USD mn"), "d4": (9.0, "EUR mn")}


def weights(network: Network) -> dict[str, tuple[float, int]]:
    rows = network.links[["source", "target", "weight", "events"]].itertuples(index=False)
    return {f"{a}-{b}": (w, e) for a, b, w, e in rows}


def test_a_link_weighs_what_its_deals_are_worth(make_records: Callable[..., Records]) -> None:
    records = make_records(DEALS, values=VALUES)
    network = build_network(records, "naics3", (2000, 2007), "deal", weigh="value")
    # 12.5 + 0.5 + 7 between 325 and 334; the euros and the deal without a value add nothing.
    assert weights(network) == {"325-334": (20.0, 3), "325-336": (7.0, 1)}
    assert (network.unit, network.events) == ("USD mn", 3)
    assert network.settings["values in all years"] == {"events": 5, "valued": 3, "other_currency": 1, "without": 1}
    assert "weighed by value in USD mn: 3 nodes, 2 links, 3 events" in repr(network)


def test_fractional_counting_spreads_the_value(make_records: Callable[..., Records]) -> None:
    network = build_network(
        make_records(DEALS, values=VALUES), "naics3", (2000, 2007), "deal", "fractional", weigh="value"
    )
    assert weights(network) == {"325-334": (16.5, 3), "325-336": (3.5, 1)}
    assert network.links["weight"].sum() == 12.5 + 0.5 + 7.0


def test_the_currency_may_be_named(make_records: Callable[..., Records]) -> None:
    records = make_records(DEALS, values=VALUES)
    network = build_network(records, "naics3", (2000, 2007), "all", weigh="value", currency="EUR mn")
    assert weights(network) == {"325-334": (9.0, 1)}
    told = worth(records, "EUR mn").told.set_index("kind")
    assert told.loc["deal"].tolist() == [5, 1, 3, 1, 0.2]
    assert told.loc["copatent"].tolist() == [1, 0, 0, 1, 0.0]


def test_chance_is_a_matter_of_events_not_of_money(make_records: Callable[..., Records]) -> None:
    many = {event: (value * 1e6, unit) for event, (value, unit) in VALUES.items()}
    one, two = (
        build_network(make_records(DEALS, values=v), "naics3", (2000, 2007), "deal", weigh="value").links
        for v in (VALUES, many)
    )
    assert one["p"].tolist() == two["p"].tolist()
    assert one["noise_corrected_sd"].tolist() == two["noise_corrected_sd"].tolist()
    assert one["association"].tolist() == pytest.approx(two["association"].tolist())
    assert two["weight"].tolist() == [w * 1e6 for w in one["weight"]]


@pytest.mark.parametrize("value", [0.0, -3.0, math.nan, math.inf, 1e13])
def test_what_is_no_value_counts_as_none(make_records: Callable[..., Records], value: float) -> None:
    records = make_records(DEALS, values={**VALUES, "d1": (value, "USD mn")})
    assert weights(build_network(records, "naics3", (2000, 2007), "deal", weigh="value"))["325-334"] == (7.5, 2)
    assert worth(records).told["without"].sum() == 3


def test_a_large_value_of_a_small_currency_is_one(make_records: Callable[..., Records]) -> None:
    values = {"d1": (6.8e12, "JPY"), "d2": (6.8e6, "JPY mn")}
    events = collect(worth(make_records(DEALS, values=values)).events).set_index("event")["value"]
    assert events[["d1", "d2"]].tolist() == [6.8e12, 6.8e12]
    # As many US dollars in millions are no deal's value.
    told = worth(make_records(DEALS, values={**VALUES, "d1": (1e11, "USD mn")})).told
    assert told["without"].sum() == 3


def test_values_that_cannot_be_added_exactly_are_refused(make_records: Callable[..., Records]) -> None:
    deals = [(f"d{number}", *DEALS[0][1:]) for number in range(10)]
    records = make_records(deals, values={name: (9e15, "USD") for name, *_ in deals})
    with pytest.raises(ValueError, match=r"all values come to 9e\+16 USD, more than can be added exactly"):
        build_network(records, "naics3", (2000, 2007), "deal", weigh="value")


def test_large_values_over_many_links_are_added_exactly(make_records: Callable[..., Records]) -> None:
    codes = "325412 541713 334111 336411 522110 621111 713110 487210 311710 511210 111110 211120 212210 236115 237110"
    facets = [("partner", code) for code in codes.split()]
    # 105 links of 9e15 and as many of 0.25: more hundredths than 2^63.
    deals = [("big", "alliance", 2003, facets, []), ("small", "alliance", 2004, facets, [])]
    records = make_records(deals, values={"big": (9e15, "IDR"), "small": (0.25, "IDR")})
    years = count_years(sector_pairs(records, "naics3"), records.engine, segments([SPAN]), "full", worth(records))
    assert series(years, ["all"])[["links", "weight"]].values.tolist() == [[105, 105 * 9e15], [105, 26.25]]
    network = build_network(records, "naics3", SPAN, "alliance", weigh="value")
    assert set(network.links["weight"]) == {9e15}


def test_no_value_at_all_is_an_error_that_names_what_there_is(make_records: Callable[..., Records]) -> None:
    with pytest.raises(ValueError, match="no event has a value in any currency; values there are: none at all"):
        worth(make_records(DEALS))
    with pytest.raises(
        ValueError, match=r"in GBP mn; values there are: EUR mn \(1 events\), USD mn \(2 events\), USD th"
    ):
        worth(make_records(DEALS, values=VALUES), "GBP mn")
    with pytest.raises(ValueError, match="weigh is one of events, value; got 'money'"):
        build_network(make_records(DEALS), "naics3", (2000, 2007), "deal", weigh="money")


def test_values_without_a_currency_are_of_one(make_records: Callable[..., Records]) -> None:
    network = build_network(
        make_records(DEALS, values={"d1": (3.0, None)}), "naics3", (2000, 2007), "deal", weigh="value"
    )
    assert weights(network) == {"325-334": (3.0, 1)}
    assert "a currency not named" in repr(network)


def test_regions_are_weighed_too(make_records: Callable[..., Records]) -> None:
    network = build_network(make_records(DEALS, values=VALUES), "nuts2", (2000, 2007), "deal", weigh="value")
    assert weights(network) == {"DE21-FR10": (13.0, 2)}


def test_order_of_rows_changes_nothing(make_records: Callable[..., Records]) -> None:
    values = {event: (0.1 * (number + 1) / 3, "USD mn") for number, (event, *_) in enumerate(DEALS)}
    one, two = (
        build_network(make_records(rows, values=values), "naics3", (2000, 2007), "all", "fractional", weigh="value")
        for rows in (DEALS, DEALS[::-1])
    )
    assert one.links.equals(two.links)


@pytest.mark.parametrize("currency", [None, "EUR million", "EUR m", "EUR bn", "Euros in millions", "KWD"])
def test_small_values_of_any_unit_are_kept(make_records: Callable[..., Records], currency: str | None) -> None:
    records = make_records(DEALS, values={"d1": (0.004, currency), "d3": (0.005, currency)})
    network = build_network(records, "naics3", (2000, 2007), "deal", weigh="value")
    assert weights(network) == {"325-334": (0.009, 2), "325-336": (0.005, 1)}


def test_a_value_that_rounds_to_nothing_is_none_and_is_counted_as_such(make_records: Callable[..., Records]) -> None:
    # Cents of a currency, of which 0.004 is none.
    records = make_records(DEALS, values={"d1": (0.004, "EUR"), "d3": (2.5, "EUR"), "d4": (3.0, "USD")})
    network = build_network(records, "naics3", (2000, 2007), "deal", weigh="value")
    assert weights(network) == {"325-334": (2.5, 1), "325-336": (2.5, 1)}
    assert network.events == 1
    assert network.settings["values in all years"] == {"events": 5, "valued": 1, "other_currency": 1, "without": 3}


def test_no_link_vanishes_that_has_a_part_of_a_value(make_records: Callable[..., Records]) -> None:
    # One cent over two links.
    records = make_records(DEALS, values={"d3": (0.006, "EUR")})
    network = build_network(records, "naics3", (2000, 2007), "deal", "fractional", weigh="value")
    assert weights(network) == {"325-334": (0.01, 1), "325-336": (0.01, 1)}


def test_large_values_in_no_currency_are_added_in_hundredths(make_records: Callable[..., Records]) -> None:
    records = make_records(DEALS, values={"d1": (5e12, None), "d3": (0.5, None)})
    assert worth(records).steps == 100
    assert weights(build_network(records, "naics3", (2000, 2007), "deal", weigh="value"))["325-334"] == (5e12 + 0.5, 2)


def test_units() -> None:
    assert [unit_of(text) for text in ("USD bn", "EURmn", "US dollars")] == [
        ("USD", 10**9),
        ("EURmn", 1),
        ("US dollars", 1),
    ]
    words = ("k", "th", "Thousand", "m", "mn", "million", "bn", "billion")
    assert [unit_of(f"USD {word}") for word in words] == [
        ("USD", n) for n in (*[10**3] * 3, *[10**6] * 3, *[10**9] * 2)
    ]
    assert carried("EUR million", "EUR mn") == 1.0
    assert carried("USD", "USD th") == 0.001
    assert carried("", "") == 1.0

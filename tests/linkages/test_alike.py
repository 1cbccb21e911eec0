"""Items of the same several emerging industries lie within them: against loops over every two items."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable

import pandas as pd
import pytest

from ingest.engine import collect
from ingest.frames import from_frames
from ingest.levels import sectors_at
from ingest.records import Records
from linkages import build_network, counting

#: Of one emerging industry, of two, of the same two again, of two others, of none.
CODES = ("221111", "334111", "333242", "114210", "487110", "485310", "512110", "325412", "311811")
PERIOD = (2000, 2007)


@pytest.mark.parametrize(
    ("kind", "roles"),
    [("deal", ("acquirer", "target")), ("alliance", ("partner", "partner")), ("copatent", ("class", "class"))],
)
def test_one_industry_on_both_sides_is_no_linkage(
    make_records: Callable[..., Records], kind: str, roles: tuple[str, str]
) -> None:
    records = make_records([("e", kind, 2003, [(role, "114210") for role in roles], [])])
    full = build_network(records, "emerging", PERIOD, kind)
    assert (full.events, len(full.links), full.nodes["within"].tolist()) == (1, 0, [1.0, 1.0])
    parts = build_network(records, "emerging", PERIOD, kind, "fractional")
    assert parts.nodes["within"].tolist() == [0.5, 0.5]
    assert collect(counting.cross_sectoral(counting.sector_pairs(records, "emerging"))).empty


def test_three_facets_by_hand(make_records: Callable[..., Records]) -> None:
    codes = ("114210", "114210", "325412")
    records = make_records([("e", "copatent", 2003, [("class", code) for code in codes], [])])
    network = build_network(records, "emerging", PERIOD, "copatent", "fractional")
    # Of three pairs of facets one lies within blue growth and experience; each of the others is split between them.
    assert network.links["weight"].tolist() == pytest.approx([1 / 3, 1 / 3])
    within = dict(zip(network.nodes["node"], network.nodes["within"], strict=True))
    assert within == pytest.approx(
        {"Biopharmaceuticals": 0.0, "Blue Growth Industries": 1 / 6, "Experience Industries": 1 / 6}
    )


def by_hand(kind: str, facets: list[tuple[str, dict[str, float]]]) -> dict[tuple[str, str], float]:
    """Give an event's parts by loops over each two of its facets: their roles, and shares of sectors."""
    products: dict[tuple[str, str], float] = defaultdict(float)
    for one, two in itertools.combinations(facets, 2):
        pairs = [(one, two)] if kind != "deal" else [(x, y) for x, y in ((one, two), (two, one)) if x[0] < y[0]]
        for (_, left), (_, right) in pairs:
            for (a, s), (b, t) in itertools.product(left.items(), right.items()):
                for low, high in [(a, b)] if left.keys() != right.keys() else [(a, a), (b, b)]:
                    ends = (low, high) if kind == "deal" else (min(low, high), max(low, high))
                    products[ends] += s * t / (1 if left.keys() != right.keys() else 2)
    if not products and kind == "copatent":
        products = defaultdict(float, {(node, node): share for node, share in facets[0][1].items()})
    whole = sum(products.values())
    return {ends: part / whole for ends, part in products.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parts_are_those_of_loops(seed: int) -> None:
    table = sectors_at(CODES, "emerging")
    known = {code: dict(zip(own["sector"], own["share"], strict=True)) for code, own in table.groupby("naics")}
    draw = random.Random(seed)
    events, rows, expected = [], [], {}
    for number in range(150):
        name, kind = f"e{number}", draw.choice(["copatent", "alliance", "deal"])
        events.append((name, kind, 2003))
        roles = {"copatent": ["class"], "alliance": ["partner"], "deal": ["acquirer", "target"]}[kind]
        codes = [(draw.choice(roles), draw.choice(CODES)) for _ in range(draw.randint(1, 5))]
        rows += [(name, str(item), role, code) for item, (role, code) in enumerate(codes)]
        parts = by_hand(kind, [(role, known[code]) for role, code in codes if code in known] or [("", {})])
        expected |= {(name, *ends): part for ends, part in parts.items()}
    records = from_frames(
        pd.DataFrame(events, columns=["event", "kind", "year"]),
        pd.DataFrame(rows, columns=["event", "facet", "role", "naics"]),
    )
    paired = collect(counting.sector_pairs(records, "emerging"))
    found = {(row.event, row.a, row.b): row.part for row in paired.itertuples()}
    assert found == pytest.approx(expected, abs=1e-6)
    assert paired.groupby("event")["part"].sum().to_numpy() == pytest.approx(1.0)
    assert len({a for _, a, b in expected if a == b}) > 3

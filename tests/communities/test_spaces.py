"""Spaces described from a network worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from communities import spinglass
from communities.spaces import changes, propose_name, space_id, spaces
from communities.stability import bootstrap
from linkages import Network
from linkages.geography import Places

LINKS = pd.DataFrame(
    [
        ("311", "325", 10),
        ("325", "621", 6),
        ("311", "621", 4),
        ("334", "335", 8),
        ("335", "541", 4),
        ("334", "541", 4),
        ("325", "334", 1),
    ],
    columns=["source", "target", "weight"],
).assign(events=lambda t: t["weight"])
NETWORK = Network.from_pandas(LINKS, level="naics3", period=(2000, 2007), source="deal")
PLACES = Places(
    pd.DataFrame({"group": [0, 0, 1], "region": ["DE21", "FR10", "US"], "events": [9, 2, 3]}),
    pd.DataFrame({"group": [0, 0], "region_a": ["DE21", "DE21"], "region_b": ["DE21", "FR10"], "events": [7, 2]}),
)


def described() -> list[dict]:  # type: ignore[type-arg]
    partition = spinglass(NETWORK, q=2, restarts=3)
    sure = bootstrap(partition, pd.DataFrame(), replicates=0)
    return spaces(NETWORK, partition, sure, PLACES, {"DE21": "Oberbayern"})


def test_a_space_states_members_links_and_regions() -> None:
    food, chips = described()
    assert [m["node"] for m in food["members"]] == ["325", "311", "621"]
    assert [(m["strength_inside"], m["strength"]) for m in food["members"]] == [(16, 17), (14, 14), (10, 10)]
    assert food["weight_inside"] == 20
    assert food["share_inside"] == pytest.approx(40 / 41)
    assert [(x["source"], x["target"], x["events"]) for x in food["links"]] == [
        ("311", "325", 10),
        ("325", "621", 6),
        ("311", "621", 4),
    ]
    assert food["regions"]["top"][0] == {"region": "DE21", "name": "Oberbayern", "events": 9}
    assert food["regions"]["within"] == [{"region": "DE21", "name": "Oberbayern", "events": 7}]
    assert food["regions"]["between"] == [{"regions": ["DE21", "FR10"], "names": ["Oberbayern", "FR10"], "events": 2}]
    assert food["stability"] is None
    assert chips["regions"]["between"] == []
    assert food["name"] == "Chemical manufacturing + Food manufacturing"


def test_an_id_is_that_of_the_members() -> None:
    food, chips = described()
    assert food["id"] == space_id(["621", "311", "325"]) != chips["id"]


def test_a_space_without_places_has_none() -> None:
    partition = spinglass(NETWORK, q=2, restarts=3)
    one = spaces(NETWORK, partition, bootstrap(partition, pd.DataFrame(), replicates=0))[0]
    assert one["regions"] == {"top": [], "within": [], "between": []}


def test_change_names_predecessor_and_movers() -> None:
    def space(name: str, *nodes: str) -> dict:  # type: ignore[type-arg]
        return {"id": name, "period": "2000-2007", "members": [{"node": node} for node in nodes]}

    before = [space("x", "a", "b", "c"), space("y", "d", "e")]
    after = changes(before, [space("u", "a", "b", "d"), space("v", "e", "f"), space("w", "g")])
    assert [s["change"]["predecessor"] for s in after] == ["x", "y", None]
    assert after[0]["change"] == {
        "since": "2000-2007",
        "predecessor": "x",
        "overlap": 0.5,
        "joined": ["d"],
        "left": ["c"],
        "born": [],
    }
    assert after[1]["change"]["born"] == ["f"]
    assert after[2]["change"]["born"] == ["g"]
    assert changes([], [space("u", "a")])[0]["change"]["since"] is None


def test_a_name_is_of_the_strongest() -> None:
    assert propose_name(["Hospitals"]) == "Hospitals"

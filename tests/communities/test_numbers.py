"""How many, as a distribution, on networks whose number is known, and its sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from communities import how_many, infomap
from communities.infomap import Number
from communities.numbers import COLUMNS, VARIED, in_words, numbers
from linkages import Network

SMALL = {"trials": 5, "seeds": 3, "replicates": 10}


def of(found: pd.DataFrame, by: str) -> dict[str, dict[int, int]]:
    """Setting → number → runs."""
    here = found[found["by"] == by]
    return {str(s): dict(zip(part["k"], part["runs"], strict=True)) for s, part in here.groupby("setting", sort=False)}


def events_of(table: pd.DataFrame) -> pd.DataFrame:
    """Turn each unit of weight into an event of its own."""
    rows = table.loc[table.index.repeat(table["weight"].astype(int))]
    number = [f"e{i:05d}" for i in range(len(rows))]
    return pd.DataFrame({"event": number, "a": rows["source"].to_numpy(), "b": rows["target"].to_numpy(), "part": 1.0})


def ring(n: int, weights: tuple[float, ...]) -> pd.DataFrame:
    """A ring whose links take the weights in turn."""
    rows = [(f"n{i:02d}", f"n{(i + 1) % n:02d}", weights[i % len(weights)]) for i in range(n)]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def complete(n: int) -> pd.DataFrame:
    rows = [(f"n{i}", f"n{j}", 1.0 + (i * j) % 3) for i in range(n) for j in range(i)]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def test_zachary_has_three_modules_in_every_best_of_many_trials(networks: dict[str, pd.DataFrame]) -> None:
    found = numbers(networks["zachary"], markov_times=(0.3, 0.5, 1.0, 2.0, 4.0))
    assert found.columns.tolist() == list(COLUMNS)
    assert of(found, "seed") == {"best of 20": {3: 10}}
    # A lone trial may end in a longer description of four modules: that is why many are made.
    alone = of(found, "trial")["each once"]
    assert alone[3] >= 18
    assert set(alone) <= {3, 4}
    ks = [next(iter(ks)) for ks in of(found, "markov time").values()]
    assert list(of(found, "markov time")) == ["0.3", "0.5", "1", "2", "4"]
    assert ks == sorted(ks, reverse=True)
    assert ks[0] > ks[2] == 3 > ks[-1]
    assert list(of(found, "backbone")) == ["association", "noise_corrected", "disparity"]
    assert set(found["by"]) == set(VARIED) - {"events"}


def test_single_trials_spread_where_the_best_of_many_does_not(networks: dict[str, pd.DataFrame]) -> None:
    found = numbers(networks["les miserables weighted"], markov_times=(), backbones=())
    assert len(of(found, "trial")["each once"]) > 1
    assert of(found, "seed") == {"best of 20": {10: 10}}
    each = [infomap(networks["les miserables weighted"], 1, seed).k for seed in range(1, 21)]
    assert of(found, "trial")["each once"] == {k: each.count(k) for k in sorted(set(each))}


def test_shares_are_of_one_setting(networks: dict[str, pd.DataFrame]) -> None:
    found = numbers(networks["les miserables"], trials=7, seeds=3)
    sums = found.groupby(["by", "setting"])[["runs", "share"]].sum()
    assert sums["share"].tolist() == pytest.approx([1.0] * len(sums))
    assert sums.loc[("trial", "each once"), "runs"] == 7
    assert sums.loc[("seed", "best of 7"), "runs"] == 3


def test_planted_communities_are_found_whatever_is_varied(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    found = numbers(table, events_of(table), **SMALL)
    assert of(found, "events") == {"drawn again": {4: 10}}
    assert set(found.loc[found["by"] != "markov time", "k"]) == {4}
    plain = found[~found["setting"].isin(["1.5", "2"])]
    assert in_words(plain, how_many(table)) == (
        "Infomap finds 4 communities in all 23 runs, whatever the random start, the seed, the scale of the view, "
        "the choice of links and the draw of events."
    )


def test_draws_of_few_events_move_the_number() -> None:
    """Two triangles with a link between them, each link one event: a draw often loses some."""
    rows = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    table = pd.DataFrame(rows, columns=["source", "target"]).assign(weight=1.0)
    found = numbers(table, events_of(table), trials=5, seeds=2, replicates=40)
    ks = of(found, "events")["drawn again"]
    assert sum(ks.values()) == 40
    assert {1, 2} <= set(ks)
    assert "the draw of events (" in in_words(found)


def test_a_draw_without_events_counts_as_no_number() -> None:
    table = pd.DataFrame([("a", "b", 1.0), ("b", "c", 1.0)], columns=["source", "target", "weight"])
    found = numbers(table, events_of(table), **{**SMALL, "replicates": 60})
    ks = of(found, "events")["drawn again"]
    assert set(ks) == {0, 1}
    assert 60 * 0.03 < ks[0] < 60 * 0.3  # e⁻² = 0.14 of the draws have neither event
    assert "(0 to 1 over all)" in in_words(found)


def test_one_module_is_said_with_the_way_out() -> None:
    table = complete(12)
    found = numbers(table, **SMALL, markov_times=(1.0, 2.0), backbones=())
    assert set(found["k"]) == {1}
    decided = how_many(table)
    assert decided.infomap.k == 1
    assert in_words(found).endswith("The number to look for must come from another rule or from the study.")
    words = "Infomap finds one single community, that is no division, in all 10 runs, whatever the random start, "
    assert in_words(found, decided).startswith(words + "the seed and the scale of the view. The number used, ")
    ends = {
        "infomap on links above expectation": "comes from the links that are stronger than the sizes of their ends "
        "suggest.",
        "leiden": "comes from the best Leiden partition.",
        "study": "is the one that the study sets.",
    }
    for rule, end in ends.items():
        said = in_words(found, Number(3, rule, "", decided.infomap))
        assert said.endswith(f"The number used, 3, {end}")
    none = in_words(found, Number(1, "none", "", decided.infomap))
    assert none.endswith("between 2 and half the nodes, so the network is taken as one whole.")


def test_modules_of_two_are_too_many_to_be_communities() -> None:
    """A ring of strong and weak links in turn falls into pairs: half as many modules as nodes."""
    table = ring(20, (10.0, 1.0))
    found, decided = numbers(table, **SMALL, markov_times=(1.0,), backbones=()), how_many(table)
    assert set(found["k"]) == {10}
    assert decided.infomap.k == 10
    assert decided.rule != "infomap"
    said = in_words(found, decided)
    assert "Infomap finds 10 communities in all 9 runs" in said
    assert " With 20 nodes that is too many to say what belongs together. " in said
    assert "too many" not in in_words(numbers(ring(20, (1.0,)), **SMALL), how_many(ring(20, (1.0,))))


def test_short_markov_times_give_every_node_a_module_of_its_own() -> None:
    found = numbers(ring(12, (1.0,)), **SMALL, markov_times=(0.05,), backbones=())
    assert of(found, "markov time") == {"0.05": {12: 1}}
    assert "the scale of the view (12 at Markov time 0.05)" in in_words(found)


def test_a_number_other_than_the_usual_one_is_said(networks: dict[str, pd.DataFrame]) -> None:
    decided = how_many(networks["zachary"])
    rows = [("trial", "each once", 4, 9, 0.9), ("trial", "each once", 3, 1, 0.1), ("seed", "best of 10", 4, 2, 1.0)]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    assert in_words(found, decided) == (
        "Infomap finds 4 communities in 11 of 12 runs (3 to 4 over all). The number moves with the random start "
        "(3 to 4), not with the seed. The number used, 3, is that of all links as they are."
    )


def test_a_backbone_without_links_is_said() -> None:
    """All links of a complete network of equal weights are as strong as expected: none stands out."""
    table = complete(6).assign(weight=1.0)
    found = numbers(table, **SMALL, backbones=("disparity", "strong"), markov_times=())
    assert of(found, "backbone") == {"disparity": {0: 1}, "strong": {0: 1}}
    assert "(none on the disparity backbone, none on the strong backbone)" in in_words(found)


def test_a_backbone_in_pieces_has_a_module_for_each() -> None:
    """Within four groups of three the links are above expectation, between them below."""
    group = [i // 3 for i in range(12)]
    rows = [(f"n{i:02d}", f"n{j:02d}", 9.0 if group[i] == group[j] else 5.0) for i in range(12) for j in range(i)]
    found = numbers(pd.DataFrame(rows, columns=["source", "target", "weight"]), **SMALL, backbones=("association",))
    assert of(found, "seed") == {"best of 5": {1: 3}}
    assert of(found, "backbone") == {"association": {4: 1}}


@pytest.mark.parametrize("rows", [0, 1])
def test_no_links_give_no_rows(rows: int) -> None:
    nothing = complete(3).head(rows).assign(weight=0.0)
    found = numbers(nothing, events_of(nothing))
    assert found.columns.tolist() == list(COLUMNS)
    assert found.empty
    assert found["k"].dtype == "int64"
    assert in_words(found) == in_words(found, how_many(nothing)) == "There are no links to look at."


def test_the_order_of_rows_and_the_direction_of_pairs_do_not_matter(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    events = events_of(table)
    other = table.sample(frac=1, random_state=1).rename(columns={"source": "target", "target": "source"})
    one = numbers(table, events, **SMALL)
    pd.testing.assert_frame_equal(one, numbers(table, events, **SMALL))
    pd.testing.assert_frame_equal(one, numbers(other, events.sample(frac=1, random_state=2), **SMALL))


@pytest.mark.parametrize("unit", [1e-9, 3.7, 1e9])
def test_the_unit_of_the_weights_does_not_matter(networks: dict[str, pd.DataFrame], unit: float) -> None:
    table = networks["les miserables weighted"]
    backbones = ("association", "disparity")  # the noise-corrected one takes weights as numbers of events
    one = numbers(table, **SMALL, backbones=backbones)
    two = numbers(table.assign(weight=table["weight"] * unit), **SMALL, backbones=backbones)
    pd.testing.assert_frame_equal(one, two)


def test_another_seed_starts_elsewhere(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    one, two = (of(numbers(table, trials=8, seeds=1, seed=s, backbones=()), "trial") for s in (1, 30))
    assert one != two


def test_a_network_is_taken_as_its_links(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["zachary weighted"]
    pd.testing.assert_frame_equal(numbers(Network.from_pandas(table), **SMALL), numbers(table, **SMALL))


def test_parts_count_under_fractional_counting() -> None:
    """Full counting joins the four corners of a square; by their parts two sides weigh next to nothing."""
    rows = [("a", "b", 1.0), ("b", "c", 0.01), ("c", "d", 1.0), ("d", "a", 0.01)]
    sides = pd.DataFrame(rows, columns=["a", "b", "part"]).assign(event="1")
    events = pd.concat([sides.assign(event=f"{i}") for i in range(30)], ignore_index=True)
    links = pd.DataFrame({"source": ["a", "b", "c", "a"], "target": ["b", "c", "d", "d"], "weight": [1, 0.01] * 2})
    found = {how: of(numbers(links, events, counting=how, **SMALL), "events") for how in ("full", "fractional")}
    assert found == {"full": {"drawn again": {1: 10}}, "fractional": {"drawn again": {2: 10}}}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"trials": 0}, "trials=0"),
        ({"seed": 0}, "seed=0"),
        ({"seeds": -1}, "seeds=-1"),
        ({"replicates": -1}, "replicates=-1"),
        ({"markov_times": (1.0, 0.0, np.nan)}, "above 0; got 0.0, nan"),
        ({"backbones": ("spine",)}, "a backbone is one of"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        numbers(complete(3), **options)  # type: ignore[arg-type]


def test_bad_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="negative, NaN or infinite"):
        numbers(complete(3).assign(weight=-1.0))

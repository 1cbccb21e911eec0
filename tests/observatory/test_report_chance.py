"""What the report says where chance alone gives communities as clear, or where too few chance networks were made."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from observatory.material import Material
from observatory.report import chance, nets
from observatory.report.findings import _how_many, _how_sure, findings
from observatory.report.limits import limits

NETWORK = "sector__all__2000-2007"


def material_of(p: float | None, replicates: int, **more: object) -> SimpleNamespace:
    """A run of one period with two spaces, found as often among chance networks as `p` says."""
    member = {"strength": 4.0, "label": "Food manufacturing", "role": "core"}
    space = {"network": NETWORK, "community": 0, "stability": 1.0, "members": [member], "weight_inside": 2.0}
    summary = {
        "rule": "infomap", "q": 2, "events": 9, "links": 3, "nodes": 4, "replicates": replicates, "noise_p": p,
        "noise_modularity": 0.068, "modularity": 0.348, "agreement": {"leiden": 1.0}, **more,
    }  # fmt: skip
    return SimpleNamespace(
        periods=["2000-2007"],
        last="2000-2007",
        sources=[],
        lineages={(NETWORK, 0): 0},
        summary=lambda name: summary if name == NETWORK else {},
        spaces=lambda _: [space, space],
        cross_sectoral=lambda *_: 5,
        settings={"weigh": "events"},
    )


def test_no_structure_is_said_wherever_spaces_are_praised() -> None:
    material = material_of(0.4, 50, noise_replicates=50)
    assert "No structure is claimed in 2000–2007: chance alone gives communities as clear." in _how_many(material).text
    sure = _how_sure(material).text
    assert sure.startswith("Chance alone gives communities as clear: no structure is claimed (modularity 0.348; chance")
    assert sure.index("not that there is one") < sure.index("of cases") < sure.index("Leiden")
    assert chance.limit(material).startswith("No structure is claimed in 1 network (sectors, all sources, 2000–2007):")
    assert chance.subtitle(material, [NETWORK]) == "; 2000–2007: colours no clearer than chance makes them"


def test_too_few_chance_networks_are_said_to_be_too_few() -> None:
    material = material_of(0.2, 4, noise_replicates=4)
    assert _how_many(material).text.endswith(
        "Of 2000–2007, 4 chance networks are too few to tell whether chance alone gives communities as clear: it takes "
        "19."
    )
    assert "too few chance networks to tell" in _how_sure(material).text
    assert "it takes 19 chance networks to tell" in chance.limit(material)
    assert chance.subtitle(material, [NETWORK]) == "; 2000–2007: too few chance networks to tell"
    # A run of before their number was written down made as many as resamplings.
    assert chance.verdict_of(material_of(0.2, 4), NETWORK) == "too few"


@pytest.mark.parametrize(("p", "replicates"), [(0.02, 50), (None, 0)])
def test_nothing_is_said_of_what_is_clearer_or_was_not_tested(p: float | None, replicates: int) -> None:
    material = material_of(p, replicates)
    assert chance.of_periods(material) == chance.of_network(material, NETWORK) == chance.limit(material) == ""
    assert chance.subtitle(material, [NETWORK]) == ""
    assert _how_many(material).text.endswith("2 collaboration spaces (by Infomap).")


def test_the_small_study_made_too_few(small_run) -> None:
    """Four resamplings, so four chance networks: said in the findings, the limits and the figure of networks."""
    material = Material(small_run, None)
    assert material.summary("sector__all__2007-2014")["noise_replicates"] == 4
    said = {one.about: one.text for one in findings(material, pd.DataFrame())}
    for about in ("How many", "How sure"):
        assert "too few" in said[about]
    assert "too few" not in said["What changed"]
    assert "it takes 19 chance networks to tell" in dict(limits(material))["Structure or chance"]
    chart = nets.network_pictures(material, "all")[0].chart
    subtitle = " ".join(chart.to_dict()["title"]["subtitle"])
    assert "2000–2007 and 2007–2014: too few chance networks to tell" in subtitle


def test_what_does_not_move_is_no_doubt() -> None:
    numbers = [{"k": 2}, {"k": 2}]
    words = "Infomap finds 2 communities in all 47 runs."
    material = material_of(0.02, 50, numbers=numbers, numbers_in_words=words)
    assert _how_many(material).doubt == ""
    assert _how_sure(material).text.endswith(words)
    material = material_of(0.02, 50, numbers=[{"k": 2}, {"k": 3}], numbers_in_words="Infomap finds 2 in 46 of 47.")
    assert _how_many(material).doubt == "Infomap finds 2 in 46 of 47."
    assert "46 of 47" not in _how_sure(material).text


def test_events_are_told_apart_from_cross_sectoral_ones() -> None:
    """Events within one sector are events, and join nothing."""
    rows = [("sector", "all", 2000, 4, 3), ("sector", "all", 2001, 5, 2), ("sector", "all", 2002, 9, 8),
            ("sector", "deal", 2001, 2, 1), ("region", "all", 2001, 3, 3)]  # fmt: skip
    series = pd.DataFrame(rows, columns=["kind", "of", "year", "events", "cross_sectoral"])
    settings = {"periods": [[2000, 2001], [2001, 2002]], "shared_year": "both"}
    run = SimpleNamespace(names=lambda name: [name], table=lambda _: series, manifest={"settings": settings})
    material = Material(run, None)
    told = {(of, p): material.cross_sectoral(of, p) for of in ("all", "deal") for p in ("2000-2001", "2001-2002")}
    assert told == {("all", "2000-2001"): 5, ("all", "2001-2002"): 10, ("deal", "2000-2001"): 1,
                    ("deal", "2001-2002"): 1}  # fmt: skip
    settings["shared_year"] = "first"
    assert (material.cross_sectoral("all", "2000-2001"), material.cross_sectoral("all", "2001-2002")) == (5, 8)
    older = SimpleNamespace(names=lambda _: [], manifest={"settings": settings})
    assert Material(older, None).cross_sectoral("all", "2000-2001") is None
    said_of = {5: "9 events, 5 of them cross-sectoral, make 3 links", None: "9 events make 3 links",
               9: "9 events, all of them cross-sectoral, make", 0: "9 events, none of them"}  # fmt: skip
    for crossing, said in said_of.items():
        told = material_of(0.02, 50)
        told.cross_sectoral = lambda *_, n=crossing: n
        assert said in _how_many(told).text


@pytest.mark.parametrize("name", ["small_run", "other_run"])
def test_cross_sectoral_events_are_those_of_two_sectors_or_more(name: str, request: pytest.FixtureRequest) -> None:
    """By another way: the table of how many sectors an event joins; with a shared year counted twice and once."""
    run = request.getfixturevalue(name)
    breadth, material = run.table("trends/breadth.parquet"), Material(run, None)
    for source in ("all", *material.sources):
        for period in material.periods:
            here = breadth[(breadth["of"] == source) & (breadth["period"] == period)]
            assert material.cross_sectoral(source, period) == here.loc[here["sectors"] > 1, "events"].sum() > 0

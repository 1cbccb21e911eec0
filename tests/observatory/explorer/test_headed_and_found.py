"""What figures' tables are headed, and what the search finds."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from observatory.explorer.figures import charts, heads
from observatory.explorer.paths import safe
from observatory.explorer.tree import Tree
from observatory.material import Material
from observatory.store import Run


@pytest.fixture(scope="module")
def tree(small_run: Run) -> Tree:
    """The resources of the small run."""
    return Tree(Material(small_run, None))


def test_a_figure_s_columns_are_headed_as_the_figure_means_them(tree: Tree) -> None:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, (_, chart) in charts(tree.holdings).items():
        held = json.loads(tree.payload(f"figures/{safe(name)}").json())["data"]
        found[name] = {one["name"]: (one["label"], one["unit"]) for one in held["columns"]}
        units = chart.usermeta["units"]
        for column, (label, unit) in found[name].items():
            assert unit == units.get(column, "") or f"{label} ({unit})".lower() == units[column].lower(), (name, column)
    for name in ("networks-all", "matrix"):
        assert found[name]["source"][0] == "One end"
        assert found[name]["target"][0] == "Other end"
    assert found["stars-by-industry"]["high"] == ("High", "regions")
    own = heads(
        pd.DataFrame({"x": [1.0], "y": [2.0], "class": ["SME effect"]}), {"x": "people (millions)", "y": "clusters"}
    )
    assert [(one.label, one.unit) for one in own.values()] == [("People", "millions"), ("Clusters", ""), ("Class", "")]
    assert found["years"]["of"][0] == "Kind of event"
    assert found["rows"]["source"][0] == "Source"


def test_a_town_finds_its_region(tree: Tree) -> None:
    entries = tree.payload("search").fields["entries"]
    region = next(one for one in entries if one["code"] == "DE21")
    assert "Munich" in region["also"]
    sector = next(one for one in entries if one["code"] == "325")
    assert any("Pharmaceutical" in name for name in sector["also"])


def test_spaces_of_one_name_are_told_apart_in_the_search(tree: Tree) -> None:
    spaces = [one for one in tree.payload("search").fields["entries"] if one["kind"] == "space"]
    told = [(one["letter"], one["period"], *one["sources"]) for one in spaces]
    assert len({one["label"] for one in spaces}) < len(spaces) == len(set(told))
    for one in spaces:
        held = tree.payload(one["path"]).fields
        assert (one["letter"], one["hue"], one["period"]) == (held["letter"], held["hue"], held["period"])
        assert f"space {one['letter']}" in one["also"]


def test_a_country_finds_its_regions(tree: Tree) -> None:
    entries = {one["code"]: one for one in tree.payload("search").fields["entries"]}
    assert "Germany" in entries["DE21"]["within"]
    assert "Italy" not in entries["DE21"]["within"]
    assert all("within" not in one for one in entries.values() if one["kind"] != "region")

"""Each figure holds what its table says, and says what it leaves out."""

import itertools

import numpy as np
import pandas as pd
import pytest

from observatory.figures import palette
from observatory.figures.alluvial import DENSE, HEIGHT, PALE, alluvial
from observatory.figures.funnel import funnel
from observatory.figures.network import LABELS, LINKS, network, networks_side_by_side
from observatory.figures.nuts_map import nuts_map
from observatory.figures.output import to_svg
from observatory.figures.sheet import headed, table
from observatory.figures.spaces_and_stars import COLUMN, spaces_and_stars

WORDS = {"title": "A title", "subtitle": "events, 2000-2007", "source": "Invented"}
NODES = pd.DataFrame(
    {
        "node": ["325", "334", "311", "713"],
        "label": ["Chemicals", "Electronics", "Food", "Recreation"],
        "group": pd.array([0, 1, 1, None], dtype="Int64"),
        "size": [5.0, 9.0, 2.0, 0.0],
    }
)
LINKS_OF_FOUR = pd.DataFrame({"source": ["325", "334"], "target": ["334", "311"], "weight": [7.0, 2.0]})
SPOTS = pd.DataFrame({"node": ["325", "334", "311", "713"], "x": [0, 0.5, 1, 0.2], "y": [0, 0.5, 0.2, 1]})


def drawn(chart, name):
    return chart.datasets[name]


def test_every_sheet_carries_title_unit_source_words_and_data():
    chart = network(NODES, LINKS_OF_FOUR, SPOTS, **WORDS)
    whole = chart.to_dict()
    assert whole["title"]["text"] == ["A title"]
    assert whole["title"]["subtitle"] == ["events, 2000-2007. All 2 links are drawn"]
    assert whole["vconcat"][0]["title"]["text"] == ["Invented"]
    assert whole["description"] == chart.usermeta["alt"] != ""
    assert table(chart)["weight"].to_list() == [7.0, 2.0]


# The map


def regions(**columns):
    data = {"region": ["DK01", "SE22", "US"], "group": [0, None, 1], "label": ["a", "b", "c"], "value": [3.0, None, 1]}
    return pd.DataFrame(data | columns)


def test_the_table_of_a_map_has_the_legends_names_and_units():
    chart = nuts_map(regions(share=0.5), names={0: "A  Health"}, value_name="events", **WORDS)
    assert list(headed(chart)) == ["region", "space", "label", "value (events)", "share (0 to 1)"]
    assert dict(zip(table(chart)["region"], table(chart)["space"], strict=True)) == {
        "DK01": "A Health", "SE22": "in no space", "US": "Space 2"}  # fmt: skip


def test_letters_are_read_on_every_hue():
    def luminance(colour):
        parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    for hue in map(palette.hue, range(36)):
        one, other = sorted([luminance(hue), luminance(palette.ink(hue))])
        assert (other + 0.05) / (one + 0.05) >= 4.5, hue


def test_a_region_takes_its_space_and_the_rest_none():
    chart = nuts_map(regions(), names={0: "Health"}, **WORDS)
    told = {row["region"]: row for row in drawn(chart, "table")}
    assert (told["DK01"]["space"], told["DK01"]["value"]) == ("Health", 3.0)
    assert told["SE22"]["space"] == told["FR10"]["space"] == palette.NO_SPACE
    assert told["SE22"]["value"] is None
    assert len(told) == len(drawn(chart, "regions")) == 320


def test_a_region_without_a_value_is_named_and_says_so():
    said = to_svg(nuts_map(regions(), value_name="events", **WORDS))
    for region, name in (("SE22", "b"), ("FR10", "Île de France")):
        assert f"Region: {region}; Name: {name}; Space: in no space; Events: no events in these data" in said
    assert "Region: DK01; Name: a; Space: Space 1; Events: 3" in said


def test_what_has_no_shape_is_said():
    arcs = pd.DataFrame({"source": ["DK01", "US"], "target": ["SE22", "DK01"], "weight": [2.0, 9.0]})
    chart = nuts_map(regions(), arcs=arcs, **WORDS)
    said = chart.usermeta["source"]
    assert "Borders are approximate" in said
    assert "want of a shape: US." in said
    assert "1 links to places without a shape" in said
    assert [link["properties"]["ends"] for link in drawn(chart, "links")] == [["DK01", "SE22"]]
    assert [end["region"] for end in drawn(chart, "ends")] == ["DK01", "SE22"]


def test_many_codes_without_a_shape_are_counted():
    codes = [f"X{number:02}" for number in range(20)]
    table_of_strangers = pd.DataFrame({"region": codes, "group": 0, "label": codes, "value": 1.0})
    assert "X11 and 8 more." in nuts_map(table_of_strangers, **WORDS).usermeta["source"]


def test_an_unsure_region_is_paler_and_the_legend_says_so():
    chart = nuts_map(regions(stability=[0.4, 0.1, 0.9]), **WORDS)
    unsure = {row["region"] for row in drawn(chart, "table") if row["unsure"]}
    assert unsure == {"DK01"}
    assert "paler: stability under 0.5" in to_svg(chart)
    assert "paler" not in to_svg(nuts_map(regions(stability=0.5), **WORDS))


def test_a_link_is_the_same_curve_from_either_end():
    there = pd.DataFrame({"source": ["DK01"], "target": ["SE22"], "weight": [1.0]})
    back = there.rename(columns={"source": "target", "target": "source"})
    one, other = (drawn(nuts_map(regions(), arcs=arcs, **WORDS), "links") for arcs in (there, back))
    assert one[0]["geometry"] == other[0]["geometry"]


def test_the_map_does_not_depend_on_the_order_of_rows():
    one, other = nuts_map(regions(), **WORDS), nuts_map(regions()[::-1], **WORDS)
    assert one.datasets == other.datasets and one.usermeta == other.usermeta


# Networks


def many(number):
    nodes = [f"n{n:03}" for n in range(number)]
    pairs = list(itertools.combinations(nodes, 2))
    weights = [float(n + 1) for n in range(len(pairs))]
    links = pd.DataFrame(pairs, columns=["source", "target"]).assign(weight=weights)
    size = pd.concat([links.groupby(end)["weight"].sum() for end in ("source", "target")]).groupby(level=0).sum()
    table_of_nodes = pd.DataFrame({"node": nodes, "label": nodes, "group": 0, "size": size.reindex(nodes).to_numpy()})
    angle = np.linspace(0, 6, number)
    spots = pd.DataFrame({"node": nodes, "x": 0.5 + np.cos(angle) / 2, "y": 0.5 + np.sin(angle) / 2})
    return table_of_nodes, links, spots


def test_only_the_strongest_links_are_drawn_and_it_is_said():
    nodes, links, spots = many(40)
    chart = network(nodes, links, spots, **WORDS)
    weights = [link["weight"] for link in drawn(chart, "links")]
    assert weights == sorted(links["weight"])[-LINKS:]
    share = round(100 * sum(weights) / links["weight"].sum())
    assert f"The 150 strongest of 780 links are drawn ({share} % of the weight)" in str(chart.to_dict()["title"])
    assert len(drawn(chart, "nodes")) == 40
    strongest = set(nodes.nlargest(LABELS, "size")["node"])
    assert {label["text"] for label in drawn(chart, "labels")} <= strongest


def test_a_link_ends_at_its_nodes():
    chart = network(NODES, LINKS_OF_FOUR, SPOTS, **WORDS)
    spot = {node["label"]: (node["x"], node["y"]) for node in drawn(chart, "nodes")}
    for link in drawn(chart, "links"):
        start, end = link["link"].split(" - ")
        assert (link["x"], link["y"], link["x2"], link["y2"]) == (*spot[start], *spot[end])


def test_an_area_follows_strength_and_a_colour_its_space():
    chart = network(NODES, LINKS_OF_FOUR, SPOTS, **WORDS)
    nodes = drawn(chart, "nodes")
    assert [node["node"] for node in nodes] == ["334", "325", "311", "713"]
    assert [node["area"] for node in nodes] == sorted((node["area"] for node in nodes), reverse=True)
    assert [node["space"] for node in nodes] == ["Space 2", "Space 1", "Space 2", "in no space"]


def test_a_node_without_a_position_is_refused():
    with pytest.raises(ValueError, match="nodes without a position: 311, 713"):
        network(NODES, LINKS_OF_FOUR, SPOTS.head(2), **WORDS)


def test_both_periods_have_one_place_for_a_node_and_one_scale():
    later = LINKS_OF_FOUR.assign(weight=[1.0, 20.0])
    periods = {"2000-2007": (NODES, LINKS_OF_FOUR), "2007-2014": (NODES[::-1], later)}
    chart = networks_side_by_side(periods, SPOTS, **WORDS)
    places = [{n["node"]: (n["x"], n["y"]) for n in drawn(chart, f"nodes{side}")} for side in (0, 1)]
    assert places[0] == places[1]
    assert str(chart.to_dict()["vconcat"]).count("'domain': [0, 20.0]") == 2
    assert table(chart).groupby("period")["weight"].sum().to_dict() == {"2000-2007": 9.0, "2007-2014": 21.0}
    assert "2007-2014: all 2 links are drawn" in str(chart.to_dict()["title"])


def test_each_period_has_a_legend_of_its_own():
    periods = {"early": (NODES, LINKS_OF_FOUR), "late": (NODES.assign(group=1), LINKS_OF_FOUR)}
    names = {"early": {0: "A  Health", 1: "B  Food"}, "late": {1: "B  Leisure"}}
    chart = networks_side_by_side(periods, SPOTS, names=names, **WORDS)
    parts = chart.to_dict()["vconcat"][0]["concat"]
    legends = [layer["encoding"]["fill"]["scale"] for part in parts for layer in part["layer"] if "fill" in str(layer)]
    assert [scale["domain"] for scale in legends] == [["A  Health", "B  Food", "in no space"], ["B  Leisure"]]
    assert [scale["range"] for scale in legends] == [[palette.hue(0), palette.hue(1), palette.NONE], [palette.hue(1)]]


def test_a_period_in_which_chance_does_as_well_has_no_spaces():
    periods = {"early": (NODES, LINKS_OF_FOUR), "late": (NODES, LINKS_OF_FOUR)}
    chart = networks_side_by_side(periods, SPOTS, unclear=["late"], **WORDS)
    assert {node["space"] for node in drawn(chart, "nodes0")} == {"Space 1", "Space 2", "in no space"}
    assert {node["space"] for node in drawn(chart, "nodes1")} == {"no spaces are claimed"}
    title = chart.to_dict()["title"]
    assert "late: chance alone gives spaces as clear, so no structure is claimed" in " ".join(title["subtitle"])
    assert "early: chance" not in " ".join(title["subtitle"])


def test_a_network_without_links_is_still_drawn():
    chart = network(NODES.assign(size=0.0), LINKS_OF_FOUR.head(0), SPOTS, **WORDS)
    assert drawn(chart, "links") == [] and len(drawn(chart, "nodes")) == 4
    assert chart.usermeta["alt"].endswith("4 nodes.")


# Flows


def test_flows_conserve_members_and_name_them():
    first, second = pd.Series({"a": 0, "b": 0, "c": 1, "d": None}), pd.Series({"a": 0, "b": 1, "d": 1, "e": 0})
    chart = alluvial(first, second, {"b": "Bees"}, names=({0: "Old"}, {0: "New"}), **WORDS)
    flows = table(chart)
    assert flows["members"].sum() == 5
    found = flows.set_index(["from", "to"])["which"].to_dict()
    assert found == {
        ("Old", "New"): "a", ("Old", "Space 2"): "Bees", ("Space 2", "gone"): "c",
        ("in no space", "Space 2"): "d", ("new", "New"): "e",
    }  # fmt: skip


def test_bands_are_as_high_as_their_members_and_fill_their_bars():
    first, second = pd.Series({n: n % 3 for n in range(12)}), pd.Series({n: n % 2 for n in range(12)})
    chart = alluvial(first, second, {}, **WORDS)
    bars, bands = pd.DataFrame(drawn(chart, "bars")), pd.DataFrame(drawn(chart, "bands"))
    heights = (bars["y2"] - bars["y"]) / bars["members"]
    assert heights.max() - heights.min() < 0.2
    assert bars["y2"].max() <= HEIGHT + 0.1
    ends = bands[bands["x"] == bands["x"].max()]
    assert (ends["y2"] - ends["y"]).sum() == pytest.approx(heights.mean() * 12, abs=1)


def test_a_space_keeps_the_colour_of_the_one_that_it_continues():
    first, second = pd.Series({"a": 0, "b": 1}), pd.Series({"a": 1, "b": 0})
    bars = drawn(alluvial(first, second, {}, hues={0: 1, 1: 0}, **WORDS), "bars")
    colours = {(bar["side"], bar["name"]): bar["colour"] for bar in bars}
    assert colours["from", "Space 1"] == colours["to", "Space 2"] == palette.HUES[0]


def test_members_that_may_be_elsewhere_are_drawn_apart_and_pale():
    first, second = pd.Series({"a": 0, "b": 0, "c": 0}), pd.Series({"a": 0, "b": 0, "d": 0})
    chart = alluvial(first, second, {}, unsure=["b", "d"], **WORDS)
    assert table(chart)[["from", "to", "which", "stable"]].values.tolist() == [
        ["Space 1", "Space 1", "a", "yes"], ["Space 1", "Space 1", "b", "no"],
        ["Space 1", "gone", "c", "yes"], ["new", "Space 1", "d", "no"],
    ]  # fmt: skip
    bands = pd.DataFrame(drawn(chart, "bands"))
    assert bands.groupby("band")["opacity"].first().tolist() == [DENSE, PALE, DENSE, PALE]
    assert "1 from Space 1 to Space 1, not stable" in chart.usermeta["alt"]
    svg = to_svg(chart)
    assert svg.count(f'fill-opacity="{PALE}"') == 2
    # Not tested is not unsure: nothing is pale, and the table does not speak of it.
    plain = alluvial(first, second, {}, **WORDS)
    assert "stable" not in table(plain)
    assert set(pd.DataFrame(drawn(plain, "bands"))["opacity"]) == {DENSE}


def test_no_members_make_an_empty_figure():
    empty = pd.Series([], dtype="Int64")
    assert drawn(alluvial(empty, empty, {}, **WORDS), "bars") == []


# Spaces and stars


def points(**columns):
    data = {
        "space": [0, 1, 1],
        "industry": ["Biopharmaceuticals", "Automotive", "Automotive"],
        "region": ["DK01", "DE11", "DE21"],
        "linkage": [4.0, 9.0, 1.0],
        "tier": ["high", None, "medium"],
    }
    return pd.DataFrame(data | columns)


def test_a_dot_stands_in_its_tier_and_as_high_as_it_is_linked():
    chart = spaces_and_stars(points(), **WORDS)
    dots = {dot["region"]: dot for dot in drawn(chart, "dots")}
    assert [int(dots[region]["x"] // COLUMN) for region in ("DE11", "DE21", "DK01")] == [0, 2, 3]
    assert dots["DE11"]["y"] < dots["DK01"]["y"] < dots["DE21"]["y"]
    assert "high 1, medium 1, no tier 1" in chart.usermeta["alt"]
    assert "median of the linkages (4)" in str(chart.to_dict()["title"])


def test_each_dot_is_kept_and_the_strongest_are_named():
    data = pd.concat([points(linkage=[float(n), n + 1.0, n + 2.0]) for n in range(10)], ignore_index=True)
    chart = spaces_and_stars(data, **WORDS)
    assert len(drawn(chart, "dots")) == len(data)
    assert len(drawn(chart, "labels")) <= 15
    assert drawn(chart, "labels")[0]["text"] == "Automotive, DE11"


def test_what_no_tier_means_is_the_star_table_s_to_say():
    chart = spaces_and_stars(points(), no_tier="basic or none", **WORDS)
    assert "medium 1, basic or none 1" in chart.usermeta["alt"]
    assert "basic or none" in {head["text"] for head in drawn(chart, "heads")}
    assert sorted(table(chart)["tier"]) == ["basic or none", "high", "medium"]
    assert not any(str(space).isdigit() for space in table(chart)["space"])
    # A column for the basic alone would stand empty; the strong half begins one column earlier.
    assert [head["text"] for head in drawn(chart, "heads")] == ["basic or none", "medium", "high"]
    corners = {corner["text"]: corner["x"] for corner in drawn(chart, "corners")}
    assert corners["Linked and a strong cluster"] - corners["Linked, not yet a strong cluster"] == COLUMN
    dots = {dot["region"]: int(dot["x"] // COLUMN) for dot in drawn(chart, "dots")}
    assert dots == {"DE11": 0, "DE21": 1, "DK01": 2}
    some = spaces_and_stars(points(tier=["basic", None, "medium"]), no_tier="basic or none", **WORDS)
    assert len(drawn(some, "heads")) == 4


def test_an_unknown_tier_is_refused():
    with pytest.raises(ValueError, match=r"tiers \['golden'\]; expected none, basic, medium, high"):
        spaces_and_stars(points(tier=["golden", None, "none"]), **WORDS)


# What was read and lost


def test_the_ledger_is_drawn_source_by_source_by_weight():
    rows = [
        ("b", "read", 10),
        ("b", "rare", 1),
        ("b", "used", 6),
        ("b", "often", 3),
        ("a", "read", 2),
        ("a", "used", 2),
    ]
    chart = funnel(pd.DataFrame(rows, columns=["source", "reason", "rows"]), **WORDS)
    whole = chart.to_dict()
    parts = whole["vconcat"][0]["vconcat"]
    assert [part["title"]["text"] for part in parts] == ["a", "b"]
    bars = whole["datasets"][parts[1]["data"]["name"]]
    assert [(bar["reason"], bar["said"]) for bar in bars] == [
        ("read", "10 (100.0 %)"), ("used", "6 (60.0 %)"), ("often", "3 (30.0 %)"), ("rare", "1 (10.0 %)"),
    ]  # fmt: skip
    assert "b: 10 rows read, 6 used, set aside: often 3; rare 1." in chart.usermeta["alt"]


@pytest.mark.parametrize("figure", [funnel, spaces_and_stars, nuts_map])
def test_a_table_without_its_columns_is_refused(figure):
    with pytest.raises(ValueError, match="lacks"):
        figure(pd.DataFrame({"nothing": [1]}), **WORDS)

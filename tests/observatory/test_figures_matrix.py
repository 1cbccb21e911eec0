"""A matrix holds every pair on both sides, in blocks of spaces, with labels that can be read."""

import itertools

import numpy as np
import pandas as pd
import pytest

from observatory.figures.matrix import matrix
from observatory.figures.sheet import headed, table

WORDS = {"title": "A title", "subtitle": "events, 2000-2007", "source": "Invented"}
LINKS_OF_FOUR = pd.DataFrame({"source": ["325", "334"], "target": ["334", "311"], "weight": [7.0, 2.0]})


def drawn(chart, name):
    return chart.datasets[name]


def test_a_matrix_is_symmetric_with_spaces_in_blocks():
    groups = {"325": 0, "334": 1, "311": 1, "713": None}
    chart = matrix(LINKS_OF_FOUR, ["713", "334", "325", "311"], groups, {"325": "Chemicals"}, **WORDS)
    nodes = drawn(chart, "nodes")
    assert [node["node"] for node in nodes] == ["325", "334", "311", "713"]
    cells = {(cell["x"], cell["y"]): cell["weight"] for cell in drawn(chart, "cells")}
    assert cells == {(0, 24): 7.0, (24, 0): 7.0, (24, 48): 2.0, (48, 24): 2.0}
    assert [(b["from"], b["to"]) for b in drawn(chart, "blocks")] == [(0, 24), (24, 72), (72, 96)]
    assert "22 % of the weight lies within spaces. The strongest: Chemicals - 334 7." in chart.usermeta["alt"]


def test_a_cell_on_the_diagonal_is_drawn_once():
    links = pd.DataFrame({"source": ["a"], "target": ["a"], "weight": [1.0]})
    assert len(drawn(matrix(links, ["a"], {}, {}, **WORDS), "cells")) == 1


def crowd(nodes):
    links = pd.DataFrame(itertools.combinations(nodes, 2), columns=["source", "target"])
    return links.assign(weight=1.0, association=np.linspace(0.1, 9, len(links)))


@pytest.mark.parametrize("number", [27, 99, 120])
def test_labels_of_a_large_matrix_do_not_touch_and_can_be_read(number):
    nodes = [str(code) for code in range(100, 100 + number)]
    chart = matrix(crowd(nodes), nodes, dict.fromkeys(nodes, 0), {"100": "A name that is long"}, **WORDS)
    beside, below = (layer for layer in chart.to_dict()["vconcat"][0]["layer"] if layer["mark"]["type"] == "text")
    middles = sorted(node["middle"] for node in drawn(chart, "nodes"))
    apart = min(b - a for a, b in itertools.pairwise(middles))
    size = below["mark"]["fontSize"]
    assert size == beside["mark"]["fontSize"] >= 9
    # Aslant, the lines of names are nearer to each other than their columns.
    assert size <= apart * (0.7 if below["mark"]["angle"] == 315 else 0.9) + 0.5
    if below["mark"]["angle"] == 270:
        assert below["encoding"]["text"]["field"] == "mark" and drawn(chart, "nodes")[0]["mark"] == "100"
        assert drawn(chart, "nodes")[0]["row"] == "100 A name that is long"


def test_rows_of_a_large_matrix_are_numbered_where_codes_are_long():
    nodes = [f"industry number {n:02}" for n in range(60)]
    first = drawn(matrix(crowd(nodes), nodes, {}, {}, **WORDS), "nodes")[0]
    assert (first["mark"], first["row"]) == ("1", "1 industry number 00")


def test_a_matrix_is_shaded_by_what_is_expected_where_that_is_known():
    links = LINKS_OF_FOUR.assign(association=[0.5, 2.5])
    order = ["325", "334", "311"]
    chart = matrix(links, order, {}, {"334": "Electronics"}, value_name="deals", **WORDS)
    fields = str(chart.to_dict()["vconcat"][0]["layer"][0]["encoding"]["color"])
    assert "association" in fields and "Link, times expected" in fields
    assert {cell["association"] for cell in drawn(chart, "cells")} == {0.5, 2.5}
    assert list(headed(chart)) == ["source", "source_label", "target", "target_label", "weight (deals)",
                                   "association (weight over expected weight)"]  # fmt: skip
    assert table(chart)["target_label"].to_list() == ["Electronics", "311"]
    plain = matrix(LINKS_OF_FOUR, order, {}, {}, **WORDS)
    assert "association" not in str(plain.to_dict()["vconcat"][0]["layer"][0]["encoding"])


def test_links_to_unknown_nodes_are_refused():
    with pytest.raises(ValueError, match="without a place in the order: 311, 334"):
        matrix(LINKS_OF_FOUR, ["325"], {}, {}, **WORDS)

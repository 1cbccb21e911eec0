import shutil

import pandas as pd

from observatory.material import Material
from observatory.stages.placing import LEVELS, level_of, positions
from observatory.store import open_run
from observatory.study import open_study


def links(*rows):
    return pd.DataFrame(list(rows), columns=["source", "target", "weight"])


TABLES = {
    "sector__all__2000-2007": (["1", "2", "3"], links(("1", "2", 3.0), ("2", "3", 1.0))),
    "sector__all__2007-2014": (["1", "2", "4"], links(("1", "4", 2.0), ("1", "2", 1.0))),
    "sector__deal__2000-2007": (["1", "9"], links(("1", "3", 50.0))),
    "region__all__2000-2007": (["DE21", "US"], links(("DE21", "US", 1.0))),
    "sector__research__2002-2012": (["Mobility", "1"], links(("1", "Mobility", 2.0))),
}


def test_every_node_has_one_place_a_level():
    table = positions(TABLES, 1)
    assert set(table["level"]) == set(LEVELS)
    placed = {level: sorted(table.loc[table["level"] == level, "node"]) for level in LEVELS}
    assert placed == {
        "sector": ["1", "2", "3", "4", "9"],
        "region": ["DE21", "US"],
        "cross-industry": ["1", "Mobility"],
    }
    assert not table.duplicated(["level", "node"]).any()
    assert table[["x", "y"]].apply(lambda column: column.between(0, 1)).all(axis=None)


def test_places_do_not_depend_on_the_order_of_networks_or_rows():
    turned = {
        name: (nodes[::-1], table.iloc[::-1].rename(columns={"source": "target", "target": "source"}))
        for name, (nodes, table) in reversed(TABLES.items())
    }
    assert positions(turned, 1).equals(positions(TABLES, 1))


def test_a_source_alone_does_not_move_the_sectors():
    without = {name: table for name, table in TABLES.items() if "deal" not in name}
    both = positions(without, 1).merge(positions(TABLES, 1), on=["level", "node"], suffixes=("", "_with"))
    # The isolate of the deals makes a row below, for which the others make room; nothing else moves.
    assert (both["x"] == both["x_with"]).all()


def test_levels_without_nodes_are_left_out():
    assert positions({}, 1).empty
    assert list(positions({"sector__all__a": (["1"], links())}, 1)["level"]) == ["sector"]
    assert level_of("sector__production__2007-2014") == "cross-industry"


def test_two_nodes_lie_beside_each_other():
    table = positions({"region__all__a": (["a", "b"], links(("a", "b", 1.0)))}, 3)
    assert table[["x", "y"]].values.tolist() == [[0.0, 0.5], [1.0, 0.5]]


def test_the_run_stores_the_places_of_all_nodes(small_run, small_study):
    stored = small_run.table("positions.parquet")
    material = Material.of(small_run, open_study(small_study))
    for name in material.networks():
        known = set(stored.loc[stored["level"] == level_of(name), "node"])
        assert {str(node) for node in material.nodes(name)["node"]} <= known
    assert material.positions.equals(material.positions_of("sector"))


def test_a_run_of_before_there_were_places_has_the_same(small_run, small_study, tmp_path):
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (folder / "positions.parquet").unlink()
    study = open_study(small_study)
    older, now = Material.of(open_run(folder), study), Material.of(small_run, study)
    for level in LEVELS:
        assert older.positions_of(level).equals(now.positions_of(level))

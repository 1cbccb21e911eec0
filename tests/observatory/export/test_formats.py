"""One contract for all formats and all networks."""

import re

import pytest

from observatory.export import FORMATS, Content, chosen
from observatory.export.formats import files
from observatory.export.graph import CLUSTERS, LINKS, NODES
from observatory.gallery import gallery
from observatory.material import Material
from observatory.store import open_run

pytestmark = pytest.mark.long(seconds=150)

EVERY = sorted(FORMATS)


@pytest.mark.parametrize("name", EVERY)
def test_every_format_gives_plain_names_and_bytes_each_once(name, content):
    made = list(files(name, content))
    assert made
    assert all(re.fullmatch(r"[A-Za-z0-9][\w.-]*", file) and ".." not in file for file, _ in made)
    assert all(isinstance(held, bytes) and held for _, held in made)
    assert len({file for file, _ in made}) == len(made)


@pytest.mark.parametrize("name", EVERY)
def test_every_format_gives_the_same_bytes_again_and_from_a_run_opened_anew(name, content):
    again = Content(Material(open_run(content.material.run.folder), None), content.names)
    if name in ("svg", "png", "pdf"):
        every = gallery(again.material)
        again.__dict__["pictures"] = {figure: every[figure] for figure in content.pictures}
    assert list(files(name, content)) == list(files(name, again))


@pytest.mark.parametrize("name", EVERY)
def test_every_format_bears_odd_names_and_a_network_without_links(name, odd):
    assert all(re.fullmatch(r"[A-Za-z0-9][\w.-]*", file) for file, _ in files(name, odd))


@pytest.mark.parametrize("name", EVERY)
def test_every_format_bears_a_network_of_nothing(name, content):
    nothing = Content(content.material, ())
    nothing.__dict__["pictures"] = {}
    assert isinstance(list(files(name, nothing)), list)


@pytest.mark.parametrize("name", ["gexf", "graphml", "pajek", "vosviewer", "infomap"])
def test_formats_of_networks_hold_every_network(name, content):
    held = {file.partition(".")[0] for file, _ in files(name, content)}
    assert held >= set(content.names)


def test_a_graph_knows_all_of_its_nodes_and_links(content):
    for graph in content.graphs:
        region = graph.level == "region"
        assert list(graph.nodes) == [*NODES, *(CLUSTERS if region else ())]
        assert list(graph.links) == list(LINKS)
        assert graph.nodes["node"].is_monotonic_increasing and graph.nodes["node"].is_unique
        assert graph.nodes[["x", "y"]].notna().all(axis=None)
        ends = {*graph.links["source"], *graph.links["target"]}
        assert ends <= set(graph.nodes["node"])
        # Every link counts at both of its ends.
        assert graph.nodes["links"].sum() == 2 * len(graph.links)
        assert graph.nodes["strength"].sum() == pytest.approx(2 * graph.links["weight"].sum())


def test_a_space_has_its_letter_and_colour_in_every_export(content):
    by_mark = {}
    for graph in content.graphs:
        if graph.level == "sector":
            for row in graph.nodes.itertuples():
                by_mark.setdefault(row.space, set()).add(row.colour)
    assert all(len(colours) == 1 for colours in by_mark.values())
    assert by_mark[""] == {"#D9D9D9"} if "" in by_mark else True
    assert len({min(colours) for mark, colours in by_mark.items() if mark}) == len([m for m in by_mark if m])


def test_regions_carry_their_star_tiers(content):
    stars = content.material.run.table("stars.parquet")
    graph = next(g for g in content.graphs if g.name == "region__all__2007-2014")
    counted = stars[stars["tier"] == "basic"].groupby("region").size()
    for row in graph.nodes.itertuples():
        assert row.stars_basic == counted.get(row.node, 0)
    assert graph.nodes["stars_basic"].sum() > 0


def test_networks_are_chosen_by_name_part_and_period(content):
    material = content.material
    assert chosen(material, "deal", "2007-2014") == ("sector__deal__2007-2014", "region__deal__2007-2014")
    assert all(name.startswith("region__") for name in chosen(material, "region"))
    assert chosen(material, "sector__all__2000-2007") == ("sector__all__2000-2007",)
    assert len(chosen(material)) == len(material.networks())

"""One thing has one colour: groups of regions in the explorer and on the report's maps."""

from __future__ import annotations

from observatory.explorer.holdings import Holdings
from observatory.figures.palette import hue
from observatory.material import Material
from observatory.report.lines import groups_of
from observatory.store import Run


def test_groups_of_regions_are_coloured_as_on_the_map(small_run: Run) -> None:
    material = Material(small_run, None)
    holdings = Holdings(material)
    compared = 0
    for network in material.networks():
        if not network.startswith("region__"):
            continue
        drawn = groups_of(material, network)
        listed = holdings.nodes(network).set_index("region")["hue"]
        for region, place in drawn.items():
            assert listed[region] == (None if place is None or place is drawn.dtype.na_value else hue(int(place)))
            compared += 1
    assert compared > 20

"""Spaces beside stars, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, columns, figure, fold, items, note, table, text

HEADINGS = ["Space", "Industry", "Region", "Code", "Events", "Tier"]


def written(stars: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.beside.section` gathers."""
    notes = stars["about"]["notes"]
    few = [note(one) for one in notes]
    many = [fold(f"{len(notes)} notes on the tiers", [items(notes, small=True)])]
    told = [text(f"Tiers: {stars['about']['source']}, {stars['method']}."), *(many if len(notes) > 3 else few)]
    if not stars["pictures"]:
        return [*told, text("No industry of a space could be set beside a star tier in one of its regions.")]
    quarters = [[_quarter(one)] for one in stars["quarters"]]
    pairs = [columns(*quarters[at : at + 2]) for at in range(0, len(quarters), 2)]
    return [
        *told,
        *(figure(one) for one in stars["pictures"]),
        *pairs,
        note(
            f"{' '.join(stars['stated'])} Events: those within the space of which the industry in the region is one "
            "end. Three, two and one star of the 2009 method stand for high, medium and basic. The whole list is in "
            "tables.xlsx, sheet stars_beside."
        ),
    ]


def _quarter(one: dict[str, Any]) -> Block:
    if not one["rows"]:
        return note(f"{one['name']}: none.")
    return table(HEADINGS, one["rows"], (4,), f"{one['name']}: {one['number']}", (3,))

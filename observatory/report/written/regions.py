"""Regions, as blocks: a fold for each."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, fold, items, note, table, text

STRONG = ["Space", "Industry", "Tier (stars)", "Events", "In words"]
LACKING = ["Space", "Strong in", "Not linked to", "Events in Europe", "Times the expected",
           "Partners: tier, events of the pair"]  # fmt: skip


def written(regions: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.regions.section` gathers."""
    period = regions["period"]
    if not regions["regions"]:
        return [
            text(
                f"No linkage within a space of {period} has a place that is known, and no strong cluster is in a space."
            )
        ]
    return [
        text(
            "Where a region is strong and whether it is linked there, which linkages it lacks, and who its partners "
            f"could be: the regions with most strong industries in the spaces of {period}. The command “linkages "
            "profile RUN REGION” tells of any other."
        ),
        *(
            fold(f"({one['code']}): {one['sums']}", _region(one), opened=place == 0, lead=one["name"])
            for place, one in enumerate(regions["regions"])
        ),
        items(regions["notes"], small=True),
    ]


def _region(one: dict[str, Any]) -> list[Block]:
    strong = (
        table(STRONG, one["strong"], (3,), "Strong industries in the spaces")
        if one["strong"]
        else text("No strong industry in a space.")
    )
    told = [strong]
    if one["lacking"]:
        told.append(table(LACKING, one["lacking"], (3, 4), "Linkages that it lacks"))
    elif one["strong"]:
        told.append(text("It lacks none of the linkages that its strong industries have elsewhere."))
    if one["more"]:
        told.append(note(f"{one['more']:,} more in tables.xlsx, sheet region_lacking."))
    linked = f"Linked most to {one['linked']}." if one["linked"] else ""
    alike = f"Most like it, and without an event together: {one['alike']}." if one["alike"] else ""
    return [*told, *([text(f"{linked} {alike}".strip())] if linked or alike else [])]

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
    if not regions["regions"] and not regions["weak"]:
        return [
            text(
                f"No linkage within a space of {period} has a place that is known, and no strong cluster is in a space."
            )
        ]
    if not regions["regions"]:
        said = f"No region has a strong industry in a space of {period}. Those with most events within spaces:"
        return [text(said), *_weak(regions["weak"]), items(regions["notes"], small=True)]
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
        *([text("Without a strong industry in a space, but with events there:")] if regions["weak"] else []),
        *_weak(regions["weak"]),
        items(regions["notes"], small=True),
    ]


def _weak(regions: list[dict[str, Any]]) -> list[Block]:
    """List regions without a strong industry, each with what there is to tell of it."""
    return [items([(f"{one['name']} ({one['code']}):", _beside(one) or "linked to no other region.", "")
                   for one in regions])] if regions else []  # fmt: skip


def _beside(one: dict[str, Any]) -> str:
    """Say which regions one is linked to most, and which are like it."""
    linked = f"Linked most to {one['linked']}." if one["linked"] else ""
    alike = f"Most like it, and without an event together: {one['alike']}." if one["alike"] else ""
    return f"{linked} {alike}".strip()


def _region(one: dict[str, Any]) -> list[Block]:
    told = [table(STRONG, one["strong"], (3,), "Strong industries in the spaces")]
    if one["lacking"]:
        told.append(table(LACKING, one["lacking"], (3, 4), "Linkages that it lacks"))
    else:
        told.append(text("It lacks none of the linkages that its strong industries have elsewhere."))
    if one["more"]:
        told.append(note(f"{one['more']:,} more in tables.xlsx, sheet region_lacking."))
    return [*told, *([text(_beside(one))] if _beside(one) else [])]
